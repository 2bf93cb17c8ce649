using System.CommandLine;

namespace Rlaif.Cli;

/// <summary><c>rlaif decisions</c>: decisions made elsewhere.</summary>
internal sealed class DecisionsCommand : Command
{
    public DecisionsCommand()
        : base("decisions", "Bring in decisions of any agent")
    {
        Subcommands.Add(new DecisionsImportVerb());
    }
}
