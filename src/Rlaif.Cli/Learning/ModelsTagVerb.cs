using System.CommandLine;
using Rlaif.Rewards;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif models tag</c>.</summary>
internal sealed class ModelsTagVerb : Verb
{
    private readonly Argument<string> _version = new("V") { Description = $"The version: {ModelsCommand.VersionNames}" };
    private readonly Argument<string> _name = new("NAME")
    {
        Description = "The tag: lower-case letters, digits, '.', '_' and '-', beginning with a letter",
    };

    public ModelsTagVerb()
        : base(
            "tag",
            "Give a version a name that every verb takes for it and that keeps it from being pruned; a version that had the name loses it",
            "rlaif models tag v0001 first"
        )
    {
        Arguments.Add(_version);
        Arguments.Add(_name);
    }

    public override string JsonFields => "version, tag, previous (the version that had it)|null";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var registry = new ModelRegistry(context.Home.Models, context.Time);
        string version = registry.Resolve(context.Get(_version)!);
        string tag = context.Get(_name)!;
        ModelEvent? happened = await registry.TagAsync(version, tag, context.CancellationToken);
        string? previous = happened?.Previous;
        context.Output.Result(
            new
            {
                Version = version,
                Tag = tag,
                Previous = previous,
            },
            console => console.WriteLine($"{version} is {tag}{(previous is null ? string.Empty : $" ({previous} was)")}")
        );
        return ExitCode.Done;
    }
}
