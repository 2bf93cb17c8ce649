namespace Rlaif.Decisions.Llm.Calls;

/// <summary>A call was not made because it could have passed a limit. What is recorded stays, and the run can go on from there.</summary>
public sealed class BudgetExceededException : Exception
{
    internal BudgetExceededException(string subject, SpendRefusal refusal)
        : base(Describe(subject, refusal)) => Setting = refusal.Limit.Setting;

    /// <summary>The settings key of the limit, such as <c>budget:run_usd</c>.</summary>
    public string Setting { get; }

    private static string Describe(string subject, SpendRefusal refusal)
    {
        SpendLimit limit = refusal.Limit;
        string span = limit.Span switch
        {
            SpendSpan.Run => "this run",
            SpendSpan.Day => "this day (UTC)",
            _ => "this role in this run",
        };
        return $"{limit.Setting} allows {limit.Text(limit.Most)} for {span}; {limit.Text(refusal.Spent)} spent and "
            + $"{limit.Text(refusal.Reserved)} reserved for calls without a known end."
            + Environment.NewLine
            + $"{subject} was not asked: it could take up to {limit.Text(refusal.Asked)}."
            + Environment.NewLine
            + $"Raise {limit.Setting} and run the same again: what is recorded is not paid twice.";
    }
}
