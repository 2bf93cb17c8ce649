namespace Rlaif.Decisions.Llm.Models;

/// <summary>Under what condition a model can be given tools over the API that is used here.</summary>
public enum ToolSupport
{
    /// <summary>It takes tools.</summary>
    Always,

    /// <summary>It takes tools only with reasoning switched off (<c>reasoning_effort: none</c>), which is done whenever tools are offered.</summary>
    WithoutEffort,

    /// <summary>It takes tools only with thinking switched off (<c>thinking: disabled</c>), which is done whenever tools are offered.</summary>
    WithoutThinking,

    /// <summary>It takes none; they are left out.</summary>
    Never,
}
