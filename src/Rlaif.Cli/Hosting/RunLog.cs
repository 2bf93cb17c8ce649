using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace Rlaif.Cli;

/// <summary>
/// The log of a trading process: one JSON object a line in <c>logs/run-YYYYMMDD.jsonl</c> of the home, a new file each day and whenever one is full, and the text of
/// each line on stderr. Nothing that the scrubber knows, or that looks like a key, gets into either.
/// </summary>
internal sealed class RunLog : IDisposable
{
    /// <summary>Files that are kept.</summary>
    public const int FilesKept = 31;

    private const long FullAt = 20 * 1024 * 1024;

    private readonly SerilogLoggerFactory _factory;

    private RunLog(Logger logger)
    {
        _factory = new SerilogLoggerFactory(logger, dispose: true);
        Logger = _factory.CreateLogger("rlaif");
    }

    /// <summary>What the loop is given.</summary>
    public ILogger Logger { get; }

    /// <summary>Opens the log; disposing it writes what is left.</summary>
    /// <param name="home">Where the files are.</param>
    /// <param name="output">Gets the text of each line; of warnings and errors only with <c>--quiet</c>, of debugging lines, too, with <c>--verbose</c>.</param>
    /// <param name="scrubber">Takes out secrets.</param>
    /// <param name="fullAt">Bytes after which a file is full.</param>
    public static RunLog Open(HomeFolder home, Output output, SecretScrubber scrubber, long fullAt = FullAt) =>
        new(
            new LoggerConfiguration()
                .MinimumLevel.Is(output.IsVerbose ? LogEventLevel.Debug : LogEventLevel.Information)
                // A full disk is said once; it does not stop trading.
                .WriteTo.Fallible(
                    to =>
                        to.File(
                            new ScrubbedLine(scrubber),
                            Path.Combine(home.Logs, "run-.jsonl"),
                            fileSizeLimitBytes: fullAt,
                            rollingInterval: RollingInterval.Day,
                            rollOnFileSizeLimit: true,
                            retainedFileCountLimit: FilesKept
                        ),
                    new Complaint(output)
                )
                .WriteTo.Sink(new People(output, scrubber))
                .CreateLogger()
        );

    /// <inheritdoc/>
    public void Dispose() => _factory.Dispose();

    private sealed class ScrubbedLine(SecretScrubber scrubber) : ITextFormatter
    {
        private readonly RenderedCompactJsonFormatter _json = new();

        public void Format(LogEvent logEvent, TextWriter output)
        {
            using var line = new StringWriter();
            _json.Format(logEvent, line);
            output.WriteLine(scrubber.Scrub(JsonNode.Parse(line.ToString()))!.ToJsonString(RlaifJson.Compact));
        }
    }

    private sealed class People(Output output, SecretScrubber scrubber) : ILogEventSink
    {
        private readonly Lock _lock = new();

        public void Emit(LogEvent logEvent)
        {
            string cause = logEvent.Exception is { } e ? $" ({e.GetType().Name}: {e.Message})" : string.Empty;
            string text = scrubber.Scrub(logEvent.RenderMessage() + cause);
            lock (_lock)
            {
                if (logEvent.Level >= LogEventLevel.Warning)
                {
                    output.Warn($"{logEvent.Timestamp.UtcDateTime:HH:mm:ss} {text}");
                }
                else
                {
                    output.Note($"{logEvent.Timestamp.UtcDateTime:HH:mm:ss} {text}");
                }
            }
        }
    }

    private sealed class Complaint(Output output) : ILoggingFailureListener
    {
        private int _complaints;

        public void OnLoggingFailed(
            object sender,
            LoggingFailureKind kind,
            string message,
            IReadOnlyCollection<LogEvent>? events,
            Exception? exception
        )
        {
            if (Interlocked.Increment(ref _complaints) == 1)
            {
                output.Warn($"the log cannot be written: {exception?.Message ?? message}");
            }
        }
    }
}
