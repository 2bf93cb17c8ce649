using System.CommandLine;

namespace Rlaif.Cli;

/// <summary><c>rlaif outcomes</c>: what became of candidates.</summary>
internal sealed class OutcomesCommand : Command
{
    public OutcomesCommand()
        : base("outcomes", "Settle candidates and look at the results")
    {
        Subcommands.Add(new OutcomesSettleVerb());
        Subcommands.Add(new OutcomesListVerb());
    }
}
