using System.CommandLine;

namespace Rlaif.Cli;

/// <summary><c>rlaif models</c>: the reward models of the home, and which of them guides decisions.</summary>
internal sealed class ModelsCommand : Command
{
    /// <summary>What names a version, for the help of every verb that takes one.</summary>
    public const string VersionNames = "v0001 and so on, latest, champion, or a tag";

    public ModelsCommand()
        : base("models", "Look at the reward models that were trained, compare them, and say which one guides decisions")
    {
        Subcommands.Add(new ModelsListVerb());
        Subcommands.Add(new ModelsShowVerb());
        Subcommands.Add(new ModelsCompareVerb());
        Subcommands.Add(new ModelsPromoteVerb());
        Subcommands.Add(new ModelsRollbackVerb());
        Subcommands.Add(new ModelsHistoryVerb());
        Subcommands.Add(new ModelsTagVerb());
        Subcommands.Add(new ModelsUntagVerb());
        Subcommands.Add(new ModelsPruneVerb());
        Subcommands.Add(new ModelsExportVerb());
    }
}
