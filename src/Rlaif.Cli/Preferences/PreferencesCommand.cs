using System.CommandLine;

namespace Rlaif.Cli;

/// <summary><c>rlaif preferences</c>: pairs of a better and a worse candidate.</summary>
internal sealed class PreferencesCommand : Command
{
    public PreferencesCommand()
        : base("preferences", "Turn outcomes into preference pairs")
    {
        Subcommands.Add(new PreferencesGenerateVerb());
        Subcommands.Add(new PreferencesJudgeVerb());
    }
}
