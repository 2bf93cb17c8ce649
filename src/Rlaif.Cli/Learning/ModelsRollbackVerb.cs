using Rlaif.Rewards;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif models rollback</c>.</summary>
internal sealed class ModelsRollbackVerb()
    : Verb("rollback", "Make the champion before the present one champion again", "rlaif models rollback")
{
    public override string JsonFields => "version (champion from now on), previous (the champion that was taken back)";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var registry = new ModelRegistry(context.Home.Models, context.Time);
        ModelEvent happened = await registry.RollbackAsync(context.CancellationToken);
        context.Output.Result(
            new { happened.Version, happened.Previous },
            console => console.WriteLine($"{happened.Version} is champion again ({happened.Previous} is retired)")
        );
        return ExitCode.Done;
    }
}
