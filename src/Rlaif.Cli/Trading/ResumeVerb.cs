using System.CommandLine;
using Rlaif.Outcomes.Risk;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif resume</c>.</summary>
internal sealed class ResumeVerb : Verb
{
    private readonly Option<string?> _reason = new("--reason")
    {
        Description = "Kept with the resumption [default: by hand]",
        HelpName = "TEXT",
    };

    public ResumeVerb()
        : base("resume", "Lift a stop of trading (rlaif kill, or the file KILL)", "rlaif resume --reason \"looked at\"") =>
        Options.Add(_reason);

    public override string JsonFields => "halted, was{reason,at}|null";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        TradingHalt? halt = null;
        if (context.HasLedger)
        {
            var halts = new HaltSwitch(await context.OpenLedgerAsync(), context.Time, context.Home.KillFile);
            halt = await halts.FindAsync(context.CancellationToken);
            if (halt is not null)
            {
                string reason = context.Get(_reason) is { Length: > 0 } text ? text : "by hand";
                await halts.SwitchAsync(false, reason, flatten: false, context.CancellationToken);
            }
        }

        context.Output.Result(
            new { Halted = false, Was = halt is null ? null : new { halt.Reason, halt.At } },
            console =>
                console.WriteLine(
                    halt is null
                        ? "trading was not stopped"
                        : $"trading is allowed again; it was stopped at {halt.At:u}: {halt.Reason}"
                )
        );
        return ExitCode.Done;
    }
}
