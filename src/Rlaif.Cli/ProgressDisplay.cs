using Spectre.Console;

namespace Rlaif.Cli;

/// <summary>Shows how far long work is: a bar where a person watches, a line now and then where not, nothing in the first second.</summary>
internal sealed class ProgressDisplay(CliHost host, bool isQuiet, Func<IAnsiConsole> console)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    public async Task<T> RunAsync<T>(string title, Func<IProgress<ProgressUpdate>, Task<T>> work)
    {
        var latest = new Latest(title);
        Task<T> running = Task.Run(() => work(latest));
        if (!isQuiet && !await EndsWithinAsync(running, Patience))
        {
            await (host.IsErrorInteractive ? ShowBarAsync(running, latest) : ShowLinesAsync(running, latest));
        }

        return await running;
    }

    private async Task ShowBarAsync(Task running, Latest latest) =>
        await console()
            .Progress()
            .AutoClear(true)
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(latest.Update.Stage);
                do
                {
                    ProgressUpdate update = latest.Update;
                    bar.Description = Markup.Escape(update.Stage);
                    bar.IsIndeterminate = update.Total == 0;
                    bar.MaxValue = Math.Max(1, update.Total);
                    bar.Value = update.Done;
                } while (!await EndsWithinAsync(running, BarInterval));
            });

    private async Task ShowLinesAsync(Task running, Latest latest)
    {
        do
        {
            ProgressUpdate update = latest.Update;
            host.Error.WriteLine(update.Total == 0 ? $"{update.Stage} ..." : $"{update.Stage}: {update.Done} of {update.Total}");
        } while (!await EndsWithinAsync(running, LineInterval));
    }

    private async Task<bool> EndsWithinAsync(Task running, TimeSpan time)
    {
        using var enough = new CancellationTokenSource();
        Task first = await Task.WhenAny(running, Task.Delay(time, host.Time, enough.Token));
        await enough.CancelAsync();
        return first == running;
    }

    private sealed class Latest(string title) : IProgress<ProgressUpdate>
    {
        private readonly Lock _lock = new();
        private ProgressUpdate _update = new(title, 0, 0);

        public ProgressUpdate Update
        {
            get
            {
                lock (_lock)
                {
                    return _update;
                }
            }
        }

        public void Report(ProgressUpdate value)
        {
            lock (_lock)
            {
                _update = value;
            }
        }
    }
}
