using Rlaif.Decisions.Llm;

namespace Rlaif.Cli;

/// <summary>The section <c>agents</c> of the settings: what a team of language models is given.</summary>
internal static class AgentSettings
{
    private const string Researchers = "agents:researchers";
    private const string Tools = "agents:tools";
    private const string ToolRounds = "agents:tool_rounds";
    private const string Passages = "agents:passages";
    private const string Lessons = "agents:lessons";

    /// <summary>Folder with prompt files of one's own.</summary>
    public const string Prompts = "agents:prompts";

    /// <summary>File with further rows of the model and price table.</summary>
    public const string ModelTable = "agents:model_table";

    /// <summary>The keys of the section.</summary>
    public static IReadOnlyList<string> Keys { get; } = [Researchers, Tools, ToolRounds, Passages, Lessons, Prompts, ModelTable];

    /// <summary>The options that the settings and the command line make.</summary>
    public static LlmOptions Read(Settings settings, bool mask, bool memory)
    {
        var defaults = new LlmOptions();
        return (
            defaults with
            {
                Researchers = settings.Flag(Researchers) ?? defaults.Researchers,
                Tools = settings.Flag(Tools) ?? defaults.Tools,
                ToolRounds = settings.Number(ToolRounds) ?? defaults.ToolRounds,
                Passages = settings.Number(Passages) ?? defaults.Passages,
                Lessons = settings.Number(Lessons) ?? defaults.Lessons,
                Mask = mask,
                Memory = memory,
            }
        ).Validated();
    }
}
