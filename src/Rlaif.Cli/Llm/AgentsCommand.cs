using System.CommandLine;

namespace Rlaif.Cli;

/// <summary><c>rlaif agents</c>: the language models of the roles.</summary>
internal sealed class AgentsCommand : Command
{
    public AgentsCommand()
        : base("agents", "Look after the language models that serve the roles")
    {
        Subcommands.Add(new AgentsCheckVerb());
    }
}
