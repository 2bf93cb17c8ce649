using Rlaif.Decisions.Llm;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary>
/// Shows a debate of language models while it goes on: where a person watches, who is speaking and the end of what was said so far; where not,
/// a line for everyone who has finished. Everything goes to stderr, results come later and from the records.
/// </summary>
internal sealed class DebateDisplay(CliHost host, bool isQuiet, bool everyLine, Func<IAnsiConsole> console)
    : IProgress<DebateEvent>
{
    private const int MaxSpeakers = 12;
    private const int Tail = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<DebateEvent> _speaking = [];
    private ProgressUpdate _update;

    /// <inheritdoc/>
    public void Report(DebateEvent value)
    {
        lock (_lock)
        {
            int at = _speaking.FindIndex(e => Speech(e) == Speech(value));
            if (at >= 0)
            {
                _speaking.RemoveAt(at);
            }

            if (!value.Done)
            {
                _speaking.Insert(Math.Max(at, 0), value);
            }
            else if (!isQuiet && everyLine)
            {
                host.Error.WriteLine($"{Speech(value)}: {OneLine(value.Text)}");
            }
        }
    }

    /// <summary>Runs work that debates; it reports how many decisions are done.</summary>
    public async Task<T> RunAsync<T>(Func<IProgress<ProgressUpdate>, Task<T>> work)
    {
        Task<T> running = Task.Run(() => work(new Progress(this)));
        if (!isQuiet && host.IsErrorInteractive && !everyLine)
        {
            await console()
                .Live(Draw())
                .AutoClear(true)
                .StartAsync(async live =>
                {
                    while (!await EndsWithinAsync(running, Interval))
                    {
                        live.UpdateTarget(Draw());
                    }
                });
        }
        else
        {
            await ShowLinesAsync(running);
        }

        return await running;
    }

    private async Task ShowLinesAsync(Task running)
    {
        while (!await EndsWithinAsync(running, LineInterval))
        {
            (ProgressUpdate update, int speaking) = Now();
            if (!isQuiet && !everyLine)
            {
                host.Error.WriteLine(
                    update.Total > 0
                        ? $"{update.Stage}: {update.Done} of {update.Total}, {speaking} speaking"
                        : $"the debate begins, {speaking} speaking"
                );
            }
        }
    }

    private (ProgressUpdate Update, int Speaking) Now()
    {
        lock (_lock)
        {
            return (_update, _speaking.Count);
        }
    }

    private Table Draw()
    {
        lock (_lock)
        {
            string title = _update.Total == 0 ? "the debate begins" : $"{_update.Stage}: {_update.Done} of {_update.Total}";
            Table table = new Table().NoBorder().AddColumns(Markup.Escape(title), "");
            foreach (DebateEvent speech in _speaking.Take(MaxSpeakers))
            {
                string text = OneLine(speech.Text);
                table.AddRow(Markup.Escape(Speech(speech)), Markup.Escape(text.Length > Tail ? $"...{text[^Tail..]}" : text));
            }

            if (_speaking.Count > MaxSpeakers)
            {
                table.AddRow($"and {_speaking.Count - MaxSpeakers} more", "");
            }

            return table;
        }
    }

    private async Task<bool> EndsWithinAsync(Task running, TimeSpan time)
    {
        using var enough = new CancellationTokenSource();
        Task first = await Task.WhenAny(running, Task.Delay(time, host.Time, enough.Token));
        await enough.CancelAsync();
        return first == running;
    }

    private static string Speech(DebateEvent e) =>
        $"{e.Symbol} {e.AsOf:yyyy-MM-dd} {e.Role.ToString().ToLowerInvariant()}, {e.Purpose}";

    // Words of a model reach a terminal here: control characters (escape sequences among them) do not.
    private static string OneLine(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);

    private sealed class Progress(DebateDisplay display) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value)
        {
            lock (display._lock)
            {
                display._update = value;
            }
        }
    }
}
