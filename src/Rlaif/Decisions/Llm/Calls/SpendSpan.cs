namespace Rlaif.Decisions.Llm.Calls;

/// <summary>Over what a limit adds up.</summary>
internal enum SpendSpan
{
    /// <summary>One run, on however many days.</summary>
    Run,

    /// <summary>One day, UTC, all runs.</summary>
    Day,

    /// <summary>One role in one run.</summary>
    RoleInRun,
}
