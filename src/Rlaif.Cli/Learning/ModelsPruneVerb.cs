using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using Rlaif.Rewards;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif models prune</c>.</summary>
internal sealed class ModelsPruneVerb : Verb
{
    private readonly Option<int> _keep = new("--keep")
    {
        Description =
            $"Versions that keep their weights, {ModelRegistry.FewestKept} or more: the champion, the one before it, the newest and those with a tag stay in any case, then the newest ones",
        DefaultValueFactory = _ => ModelRegistry.DefaultKept,
        HelpName = "N",
    };

    public ModelsPruneVerb()
        : base(
            "prune",
            "Delete the weights of old versions; how they were trained and what became of them stays on record",
            "rlaif models prune --keep 5"
        )
    {
        _keep.Require(new RangeAttribute(ModelRegistry.FewestKept, int.MaxValue));
        Options.Add(_keep);
    }

    public override string JsonFields => "pruned[] (versions that lost their weights now), kept[]";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var registry = new ModelRegistry(context.Home.Models, context.Time);
        IReadOnlyList<string> pruned = await registry.PruneAsync(context.Get(_keep), context.CancellationToken);
        IReadOnlyList<ModelVersion> versions = await registry.ListAsync(context.CancellationToken);
        string[] kept = [.. versions.Where(v => !v.IsPruned).Select(v => v.Version)];
        context.Output.Result(
            new { Pruned = pruned, Kept = kept },
            console =>
            {
                console.WriteLine($"pruned: {List(pruned)}");
                console.WriteLine($"kept: {List(kept)}");
            }
        );
        return ExitCode.Done;
    }

    private static string List(IReadOnlyList<string> versions) => versions.Count == 0 ? "none" : string.Join(", ", versions);
}
