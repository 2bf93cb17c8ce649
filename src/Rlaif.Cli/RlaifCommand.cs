using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Rlaif.Cli;

/// <summary>
/// The command <c>rlaif</c>. Building it constructs names and descriptions only: no type of the library is touched before a verb runs,
/// so that <c>--help</c> answers at once.
/// </summary>
internal sealed class RlaifCommand : RootCommand
{
    private const string Purpose = "A trading system that learns from its own decisions, and says whether learning helped.";

    internal RlaifCommand(CliHost host)
        : base(Purpose)
    {
        Host = host;
        foreach (Option option in Globals.All)
        {
            Options.Add(option);
        }

        HelpOption help = Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);

        // In the order of the loop.
        Subcommands.Add(new DemoVerb());
        Subcommands.Add(new DataCommand());
        Subcommands.Add(new DocumentsCommand());
        Subcommands.Add(new FeaturesVerb());
        Subcommands.Add(new AgentsCommand());
        Subcommands.Add(new DecideVerb());
        Subcommands.Add(new BacktestVerb());
        Subcommands.Add(new OutcomesCommand());
        Subcommands.Add(new PositionsVerb());
        Subcommands.Add(new RunVerb());
        Subcommands.Add(new OrdersVerb());
        Subcommands.Add(new KillVerb());
        Subcommands.Add(new ResumeVerb());
        Subcommands.Add(new NotifyCommand());
        Subcommands.Add(new DecisionsCommand());
        Subcommands.Add(new PreferencesCommand());
        Subcommands.Add(new EncodersCommand());
        Subcommands.Add(new TrainVerb());
        Subcommands.Add(new ModelsCommand());
        Subcommands.Add(new MonitorVerb());
        Subcommands.Add(new ScoreVerb());
        Subcommands.Add(new RankVerb());
        Subcommands.Add(new ExportVerb());
        Subcommands.Add(new StatusVerb());
        ValueCheck.AddTo(this);
    }

    public CliHost Host { get; }

    public GlobalOptions Globals { get; } = new();

    /// <summary>Runs a command line and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] args, CliHost host, CancellationToken cancellationToken = default)
    {
        var root = new RlaifCommand(host);
        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : [.. args.SelectMany(SplitEmptyValue)]);
        if (parsed.Action is ParseErrorAction)
        {
            return Refuse(parsed, root);
        }

        var configuration = new InvocationConfiguration
        {
            Output = host.Out,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = host.TerminationTimeout,
        };
        return await parsed.InvokeAsync(configuration, cancellationToken);
    }

    /// <summary>The words that lead to a command: <c>rlaif data import</c>.</summary>
    public static string PathOf(ParseResult parsed)
    {
        var words = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            if (at is CommandResult command)
            {
                words.Insert(0, command.Command is RlaifCommand ? "rlaif" : command.Command.Name);
            }
        }

        return string.Join(' ', words);
    }

    // The parser would take the option that follows `--metric=` for its value.
    private static string[] SplitEmptyValue(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.AsSpan().IndexOfAny('=', ':') == argument.Length - 1
            ? [argument[..^1], string.Empty]
            : [argument];

    private static int Refuse(ParseResult parsed, RlaifCommand root)
    {
        // Of what is wrong with one option the first is the reason, and of words that fit nowhere a few are enough.
        const int Shown = 2;
        ILookup<bool, ParseError> errors = parsed.Errors.ToLookup(e => e.SymbolResult is OptionResult);
        string message = string.Join(
            Environment.NewLine,
            errors[true].DistinctBy(e => e.SymbolResult).Concat(errors[false].Take(Shown)).Select(e => InWords(e.Message))
        );
        var output = new Output(root.Host, parsed.GetValue(root.Globals.Json), isQuiet: false, isVerbose: false);
        return output.Fail($"{message}{Environment.NewLine}See: {PathOf(parsed)} --help", ExitCode.BadInput);
    }

    // The parser lists what is allowed on many lines.
    private static string InWords(string message) =>
        string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
