using System.CommandLine;
using Rlaif.Rewards;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif models untag</c>.</summary>
internal sealed class ModelsUntagVerb : Verb
{
    private readonly Argument<string> _name = new("NAME") { Description = "The tag" };

    public ModelsUntagVerb()
        : base("untag", "Take a tag away", "rlaif models untag first") => Arguments.Add(_name);

    public override string JsonFields => "version (that had it), tag";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var registry = new ModelRegistry(context.Home.Models, context.Time);
        ModelEvent happened = await registry.UntagAsync(context.Get(_name)!, context.CancellationToken);
        context.Output.Result(
            new { happened.Version, happened.Tag },
            console => console.WriteLine($"{happened.Version} is no longer {happened.Tag}")
        );
        return ExitCode.Done;
    }
}
