using Microsoft.Extensions.Time.Testing;
using Rlaif.Cli;
using Rlaif.Core;
using Spectre.Console;

namespace Rlaif.Tests.Cli;

public sealed class ProgressDisplayTests : IDisposable
{
    private readonly LockedWriter _error = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _error.Dispose();

    private ProgressDisplay Display(bool interactive, bool quiet = false) =>
        new(
            new CliHost
            {
                Out = TextWriter.Null,
                Error = _error,
                Environment = new Dictionary<string, string>(StringComparer.Ordinal),
                IsErrorInteractive = interactive,
                Time = _time,
            },
            quiet,
            () => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_error), Ansi = AnsiSupport.No })
        );

    [Fact]
    public async Task RunAsync_ShortWork_SaysNothing()
    {
        Assert.Equal(5, await Display(interactive: false).RunAsync("short", _ => Task.FromResult(5)));
        Assert.Empty(_error.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_LongWork_ShowsItsStage(bool interactive)
    {
        var finish = new TaskCompletionSource<int>();
        Task<int> running = Display(interactive)
            .RunAsync(
                "long",
                progress =>
                {
                    progress.Report(new ProgressUpdate("training", 3, 10));
                    return finish.Task;
                }
            );
        // The clock only moves when told: advance until the display has had its turn.
        for (int turn = 0; turn < 1_000_000 && !_error.ToString().Contains("training", StringComparison.Ordinal); turn++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        finish.SetResult(5);
        Assert.Equal(5, await running);
        Assert.Contains("training", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WorkThatFails_ThrowsWhatItThrew() =>
        await Assert.ThrowsAsync<NotEnoughDataException>(() =>
            Display(interactive: false).RunAsync<int>("fails", _ => throw new NotEnoughDataException("few"))
        );

    /// <summary>A writer that may be read while another thread writes.</summary>
    private sealed class LockedWriter : StringWriter
    {
        private readonly Lock _lock = new();

        public override void Write(char value)
        {
            lock (_lock)
            {
                base.Write(value);
            }
        }

        public override void Write(char[] buffer, int index, int count)
        {
            lock (_lock)
            {
                base.Write(buffer, index, count);
            }
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            lock (_lock)
            {
                base.Write(buffer);
            }
        }

        public override void Write(string? value)
        {
            lock (_lock)
            {
                base.Write(value);
            }
        }

        public override string ToString()
        {
            lock (_lock)
            {
                return base.ToString();
            }
        }
    }
}
