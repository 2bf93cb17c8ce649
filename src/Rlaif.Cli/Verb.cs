using System.CommandLine;

namespace Rlaif.Cli;

/// <summary>
/// One verb in one file: derive, declare arguments and options as fields, add them in the constructor, and do the work in
/// <see cref="RunAsync"/>. Errors are thrown; <see cref="ExitCode"/> maps them.
/// </summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description, string example)
        : base(name, description)
    {
        Example = example;
        SetAction((parsed, cancellationToken) => RunAsync(this, parsed, cancellationToken));
    }

    /// <summary>A command line that works and shows what the verb is for.</summary>
    public string Example { get; }

    /// <summary>What <c>--json</c> gives, for the reference; null where the verb does not say.</summary>
    public virtual string? JsonFields => null;

    /// <summary>The home folder when none is named.</summary>
    public virtual string DefaultHome => Path.Combine(".", "data", "rlaif");

    /// <summary>Does the work and returns the exit code.</summary>
    protected abstract Task<int> RunAsync(CommandContext context);

    private static async Task<int> RunAsync(Verb verb, ParseResult parsed, CancellationToken cancellationToken)
    {
        var root = (RlaifCommand)parsed.RootCommandResult.Command;
        GlobalOptions globals = root.Globals;
        var output = new Output(
            root.Host,
            parsed.GetValue(globals.Json),
            parsed.GetValue(globals.Quiet),
            parsed.GetValue(globals.Verbose)
        );
        try
        {
            await using var context = new CommandContext(verb, parsed, root, output, cancellationToken);
            return await verb.RunAsync(context);
        }
        catch (Exception e)
        {
            return output.Fail(e);
        }
    }
}
