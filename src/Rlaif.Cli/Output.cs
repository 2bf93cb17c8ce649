using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary>
/// All that a verb says. With <c>--json</c> one document goes to stdout and nothing else; without it, tables go to stdout. Notes,
/// warnings, progress and errors go to stderr in both cases.
/// </summary>
internal sealed class Output
{
    // A file or a pipe has no width: a row stays on one line.
    private const int RedirectedWidth = 10_000;

    private readonly CliHost _host;
    private readonly bool _isJson;
    private readonly bool _isVerbose;
    private readonly long _started;

    public Output(CliHost host, bool isJson, bool isQuiet, bool isVerbose)
    {
        _host = host;
        _isJson = isJson;
        IsQuiet = isQuiet;
        _isVerbose = isVerbose;
        _started = host.Time.GetTimestamp();
    }

    /// <summary>Whether notes and progress are left out.</summary>
    public bool IsQuiet { get; }

    /// <summary>Seconds that a verb wants to name under <c>timing</c>, beside the total.</summary>
    public Dictionary<string, double> Timing { get; } = new(StringComparer.Ordinal);

    /// <summary>Ends a verb: the document with <c>--json</c>, what <paramref name="people"/> draws otherwise.</summary>
    /// <param name="document">An object whose members become snake_case fields; <c>timing</c> is added.</param>
    /// <param name="people">Draws the same for a person, with units.</param>
    public void Result(object document, Action<IAnsiConsole> people)
    {
        if (_isJson)
        {
            Write(JsonSerializer.SerializeToNode(document, RlaifJson.Indented)!.AsObject());
        }
        else
        {
            people(Console(_host.Out, _host.IsOutInteractive));
        }
    }

    /// <summary>One of several pictures of something that changes: a line of JSON with <c>--json</c>, else drawn over the last one where a person watches and below it where not.</summary>
    /// <param name="document">An object whose members become snake_case fields.</param>
    /// <param name="people">Draws the same for a person, with units.</param>
    public void Frame(object document, Action<IAnsiConsole> people)
    {
        if (_isJson)
        {
            _host.Out.WriteLine(JsonSerializer.Serialize(document, RlaifJson.Compact));
            _host.Out.Flush();
            return;
        }

        IAnsiConsole console = Console(_host.Out, _host.IsOutInteractive);
        if (_host.IsOutInteractive)
        {
            console.Clear(home: true);
        }

        people(console);
    }

    /// <summary>Whether details are asked for.</summary>
    public bool IsVerbose => _isVerbose;

    /// <summary>A display of debates of language models, on stderr.</summary>
    /// <param name="everyLine">Whether everyone who has finished gets a line; else only who is speaking is shown.</param>
    public DebateDisplay Debate(bool everyLine) =>
        new(_host, IsQuiet, everyLine, () => Console(_host.Error, _host.IsErrorInteractive));

    /// <summary>Asks a yes-or-no question; no answer is no.</summary>
    /// <exception cref="RlaifInputException">Nobody is there to answer.</exception>
    public bool Ask(string question)
    {
        if (!_host.IsInInteractive)
        {
            throw new RlaifInputException("Nobody is there to say yes: add --yes to go on without being asked.");
        }

        _host.Error.Write($"{question} [y/N] ");
        return _host.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>Asks for a word to be typed; null when there is no answer.</summary>
    /// <param name="question">The question.</param>
    /// <param name="instead">The option that gives the answer where nobody is there.</param>
    /// <exception cref="RlaifInputException">Nobody is there to answer.</exception>
    public string? AskWord(string question, string instead)
    {
        if (!_host.IsInInteractive)
        {
            throw new RlaifInputException($"Nobody is there to confirm: add {instead} to go on without being asked.");
        }

        _host.Error.Write($"{question} ");
        return _host.In.ReadLine()?.Trim();
    }

    /// <summary>Something worth knowing that is no problem; not shown with <c>--quiet</c>.</summary>
    public void Note(string text)
    {
        if (!IsQuiet)
        {
            _host.Error.WriteLine(text);
        }
    }

    /// <summary>Something that may surprise.</summary>
    public void Warn(string text) => _host.Error.WriteLine($"warning: {text}");

    /// <summary>Shown only with <c>--verbose</c>.</summary>
    public void Detail(string text)
    {
        if (_isVerbose)
        {
            _host.Error.WriteLine(text);
        }
    }

    /// <summary>Runs work on another thread and shows how far it is, should it take longer than a second.</summary>
    public Task<T> ProgressAsync<T>(string title, Func<IProgress<ProgressUpdate>, Task<T>> work) =>
        new ProgressDisplay(_host, IsQuiet, () => Console(_host.Error, _host.IsErrorInteractive)).RunAsync(title, work);

    /// <summary>Reports an exception and returns its exit code.</summary>
    public int Fail(Exception error)
    {
        int code = Fail(ExitCode.Message(error), ExitCode.Of(error));
        Detail(error.ToString());
        return code;
    }

    /// <summary>Reports an error and returns <paramref name="exitCode"/>; with <c>--json</c> the document is <c>error{message,exit_code}</c>.</summary>
    public int Fail(string message, int exitCode)
    {
        _host.Error.WriteLine($"error: {message}");
        if (_isJson)
        {
            try
            {
                Write(
                    new JsonObject
                    {
                        ["error"] = new JsonObject { ["message"] = message, ["exit_code"] = exitCode },
                    }
                );
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A full disk or a closed stdout may be the very error that is reported; it was said on stderr.
            }
        }

        return exitCode;
    }

    private void Write(JsonObject document)
    {
        var timing = new JsonObject { ["total_seconds"] = _host.Time.GetElapsedTime(_started).TotalSeconds };
        foreach ((string name, double seconds) in Timing)
        {
            timing[name] = seconds;
        }

        document["timing"] = timing;
        _host.Out.WriteLine(document.ToJsonString(RlaifJson.Indented));
    }

    private IAnsiConsole Console(TextWriter writer, bool isInteractive)
    {
        bool color = isInteractive && _host.HasColor;
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
            }
        );
        if (!isInteractive)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return console;
    }
}
