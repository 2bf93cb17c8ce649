using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Rlaif.Cli;

namespace Rlaif.Tests.Cli;

/// <summary>What holds for the values of every verb: the commands are walked, so that an option that is added is tested.</summary>
public sealed class ValueCheckTests
{
    private static readonly RlaifCommand Root = new(
        new CliHost
        {
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        }
    );

    private static readonly (string[] Path, Option Option)[] Options = [.. OptionsOf(Root, [])];

    [Fact]
    public void Options_OfEveryVerb_AreOfTypesWhoseValuesAreChecked()
    {
        Type[] known = [typeof(string), typeof(bool), typeof(int), typeof(double), typeof(DateOnly)];
        Assert.All(Options, o => Assert.Contains(ElementOf(o.Option), known));
        Assert.All(
            Verbs(Root),
            v => Assert.All(v.Arguments, a => Assert.Equal(typeof(string), a.ValueType.GetElementType() ?? a.ValueType))
        );
        Assert.InRange(Options.Count(o => ElementOf(o.Option) == typeof(double)), 15, 100);
        Assert.InRange(Options.Count(o => ElementOf(o.Option) == typeof(int)), 20, 200);
    }

    [Theory]
    [InlineData("0,5")]
    [InlineData("1,000")]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("1.5.2")]
    [InlineData("(1)")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    public void Parse_NoNumber_IsRefusedByEveryOptionWithANumber(string text) =>
        Assert.All(
            Options.Where(o => ElementOf(o.Option) == typeof(double)),
            o =>
                Assert.Matches(
                    $"^'{o.Option.Name}' takes a (finite )?number such as 0\\.5, not '",
                    Assert.Single(Errors(o, text))
                )
        );

    [Theory]
    [InlineData("0,5")]
    [InlineData("1,000")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("99999999999")]
    public void Parse_NoWholeNumber_IsRefusedByEveryOptionWithOne(string text) =>
        Assert.All(
            Options.Where(o => ElementOf(o.Option) == typeof(int)),
            o =>
                Assert.StartsWith(
                    $"'{o.Option.Name}' takes a whole number ",
                    Assert.Single(Errors(o, text)),
                    StringComparison.Ordinal
                )
        );

    [Theory]
    [InlineData("01/02/2024")]
    [InlineData("2024-1-2")]
    [InlineData("20240102")]
    [InlineData("2024-02-30")]
    [InlineData("yesterday")]
    [InlineData("")]
    public void Parse_NoDate_IsRefusedByEveryOptionWithOne(string text) =>
        Assert.All(
            Options.Where(o => ElementOf(o.Option) == typeof(DateOnly)),
            o => Assert.Equal($"'{o.Option.Name}' takes a date such as 2024-01-31, not '{text}'.", Assert.Single(Errors(o, text)))
        );

    [Theory]
    [InlineData("0.5")]
    [InlineData("1e-3")]
    [InlineData("-2")]
    public void Parse_Number_IsRefusedForItsRangeAlone(string text) =>
        Assert.All(
            Options.Where(o => ElementOf(o.Option) == typeof(double)),
            o =>
                Assert.All(
                    Errors(o, text),
                    e => Assert.StartsWith($"{o.Option.Name} is {text}; it must be ", e, StringComparison.Ordinal)
                )
        );

    [Fact]
    public void Parse_OptionThatStandsTwice_IsAnErrorAndNoCrash() =>
        Assert.All(
            Options.Where(o => ElementOf(o.Option) != typeof(bool) && !o.Option.ValueType.IsArray),
            o => Assert.NotEmpty(Root.Parse([.. o.Path, o.Option.Name, "1", o.Option.Name, "2"]).Errors)
        );

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Parse_NothingForAText_IsRefusedByEveryOption(string text) =>
        Assert.All(
            Options.Where(o => ElementOf(o.Option) == typeof(string)),
            o => Assert.StartsWith($"'{o.Option.Name}' is empty; it takes ", Errors(o, text)[0], StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("'--weight-decay' takes a number such as 0.5, not '0,5'.", "train", "--weight-decay", "0,5")]
    [InlineData("'--epochs' takes a whole number such as 5, not '1,000'.", "train", "--epochs", "1,000")]
    [InlineData("'--seed' takes a whole number up to 2147483647, not '3000000000'.", "status", "--seed", "3000000000")]
    [InlineData("'--weight-decay' takes a finite number such as 0.5, not '1e999'.", "train", "--weight-decay", "1e999")]
    [InlineData("'--home' is empty; it takes DIR.", "demo", "--home", "")]
    [InlineData("'--home' is empty; it takes DIR.", "status", "--home=")]
    [InlineData("'--config' is empty; it takes FILE.", "status", "--config=", "--json")]
    [InlineData("'--task' is empty; it takes a value.", "export", "--task", "")]
    [InlineData("'SYMBOL' is empty; it takes a value.", "data", "show", "")]
    public async Task RunAsync_BadValue_ExitsWithTwoAndOneReason(string message, params string[] args)
    {
        CliRun run = await CliRun.Of(args);
        Assert.Equal(2, run.ExitCode);
        string[] lines = run.Error.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal($"error: {message}", lines[0]);
        Assert.Equal((2, true), (lines.Length, lines[1].StartsWith("See: rlaif ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task RunAsync_SeveralBadValues_NamesAllAtOnce()
    {
        CliRun run = await CliRun.Of(
            "train",
            "--epochs",
            "0",
            "--device",
            "gpu",
            "--dropout",
            "0,5",
            "--patience",
            "x",
            "--margins=",
            "--flip-probability",
            "0.1",
            "--label-smoothing",
            "low"
        );
        Assert.Equal(2, run.ExitCode);
        Assert.All(
            [
                "--epochs is 0; it must be in 1..10000.",
                "--device is gpu; it must be cpu.",
                "'--dropout'",
                "'--patience'",
                "'--label-smoothing'",
            ],
            words => Assert.Contains(words, run.Error, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task RunAsync_HomeOfTheSettingsThatIsEmpty_ExitsWithTwo()
    {
        var environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["RLAIF__Home"] = "" };
        CliRun run = await CliRun.Of(environment, "status");
        Assert.Equal((2, "error: The setting home is empty; it takes a folder."), (run.ExitCode, run.Error.TrimEnd()));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1025")]
    public async Task RunAsync_ThreadsOutOfRange_ExitsWithTwo(string threads)
    {
        CliRun run = await CliRun.Of("status", "--threads", threads);
        Assert.Equal((2, $"error: --threads is {threads}; it must be in 1..1024."), (run.ExitCode, run.Error.TrimEnd()));
    }

    private static Type ElementOf(Option option)
    {
        Type element = option.ValueType.GetElementType() ?? option.ValueType;
        return Nullable.GetUnderlyingType(element) ?? element;
    }

    // What is said of this option; of what a verb needs beside it, options are missing.
    private static string[] Errors((string[] Path, Option Option) at, string text) =>
        [
            .. Root.Parse([.. at.Path, at.Option.Name, text])
                .Errors.Where(e => e.SymbolResult is OptionResult result && result.Option == at.Option && result.Tokens.Count > 0)
                .Select(e => e.Message),
        ];

    private static IEnumerable<Verb> Verbs(Command command) =>
        command.Subcommands.SelectMany(Verbs).Concat(command is Verb verb ? [verb] : []);

    private static IEnumerable<(string[] Path, Option Option)> OptionsOf(Command command, string[] path) =>
        command
            .Options.Where(o => o is not HelpOption && (command is Verb || o.Recursive))
            .Select(o => (command is Verb ? [.. path, .. command.Arguments.Select(_ => "A")] : (string[])["status"], o))
            .Concat(command.Subcommands.SelectMany(c => OptionsOf(c, [.. path, c.Name])));
}
