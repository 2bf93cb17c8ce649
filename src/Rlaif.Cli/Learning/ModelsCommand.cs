using System.CommandLine;

namespace Rlaif.Cli;

/// <summary><c>rlaif models</c>: the reward models of the home.</summary>
internal sealed class ModelsCommand : Command
{
    public ModelsCommand()
        : base("models", "Look at the reward models that were trained")
    {
        Subcommands.Add(new ModelsListVerb());
        Subcommands.Add(new ModelsShowVerb());
        Subcommands.Add(new ModelsExportVerb());
    }
}
