using System.CommandLine;

namespace Rlaif.Cli;

/// <summary><c>rlaif data</c>: market data in.</summary>
internal sealed class DataCommand : Command
{
    public DataCommand()
        : base("data", "Bring in bars and look at them")
    {
        Subcommands.Add(new DataImportVerb());
        Subcommands.Add(new DataPullVerb());
        Subcommands.Add(new DataListVerb());
        Subcommands.Add(new DataCheckVerb());
        Subcommands.Add(new DataShowVerb());
    }
}
