using System.CommandLine;

namespace Rlaif.Cli;

/// <summary><c>rlaif notify</c>.</summary>
internal sealed class NotifyCommand : Command
{
    public NotifyCommand()
        : base("notify", "Webhooks that are told of fills, closes, refusals, stops and alarms") =>
        Subcommands.Add(new NotifyTestVerb());
}
