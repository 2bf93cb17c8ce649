using System.Text.Json;
using Quartz;

namespace Rlaif.Cli;

/// <summary>When the jobs of <c>run</c> are due: a JSON file of cron expressions, in the time of New York.</summary>
internal sealed class ScheduleFile
{
    /// <summary>What the file holds when nobody wrote one.</summary>
    public const string Default = """
        {
          // When the jobs of "rlaif run" are due, in New York time. Each is a cron expression of Quartz: second, minute, hour, day of the month,
          // month, day of the week; or a list of several. A job that is taken out is not done.

          // New prices, and what the broker did: every minute in trading hours. A time that is missed is not made up.
          "prices": "0 * 9-16 ? * MON-FRI",

          // What is due is settled, and what has to be closed is sent: hourly. A time that is missed is made up at the next start.
          "settlement": "0 5 * * * ?",

          // After the close, when the day's bar is there; orders are filled at the next open. "0 45 15 ? * MON-FRI" decides before the close, which needs
          // bars of minutes. A time that is missed is made up within half an hour; later, prices would be others.
          "decisions": "0 30 16 ? * MON-FRI",

          // The broker's books against the ledger: at each start, and hourly.
          "reconciliation": "0 20 * * * ?",

          // Whether the deployed model is still right: daily. Made up at the next start.
          "monitoring": "0 0 18 ? * MON-FRI",

          // Pairs, training, and the promotion gate: weekly. Made up at the next start.
          "learning": "0 0 2 ? * MON"
        }

        """;

    private const string ZoneName = "America/New_York";

    private ScheduleFile(SortedDictionary<ProductionJob, IReadOnlyList<CronExpression>> times) => Times = times;

    /// <summary>The times of each job.</summary>
    public IReadOnlyDictionary<ProductionJob, IReadOnlyList<CronExpression>> Times { get; }

    /// <summary>New York.</summary>
    /// <exception cref="RlaifInputException">The system does not know its time zone.</exception>
    public static TimeZoneInfo Zone =>
        TimeZoneInfo.TryFindSystemTimeZoneById(ZoneName, out TimeZoneInfo? zone)
            ? zone
            : throw new RlaifInputException(
                $"This system does not know the time zone {ZoneName}; install its time zone data (tzdata)."
            );

    /// <summary>Reads a file; one that is not there is written first when <paramref name="create"/> says so.</summary>
    /// <exception cref="RlaifInputException">The file is missing or no JSON, names no job, or a time is no cron expression.</exception>
    public static ScheduleFile Load(string path, bool create)
    {
        try
        {
            if (create && !File.Exists(path))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                File.WriteAllText(path, Default);
            }

            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"Cannot read the schedule '{path}': {e.Message}", e);
        }
    }

    /// <summary>Reads a schedule.</summary>
    /// <param name="text">JSON, comments allowed.</param>
    /// <param name="source">Where it is from, for messages.</param>
    public static ScheduleFile Parse(string text, string source)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        using JsonDocument document = JsonDocument.Parse(text, options);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new RlaifInputException($"{source}: a schedule is an object of jobs: {Allowed()}.");
        }

        var times = new SortedDictionary<ProductionJob, IReadOnlyList<CronExpression>>();
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            ProductionJob[] named = [.. Enum.GetValues<ProductionJob>().Where(j => Word(j) == property.Name)];
            if (named is not [var job])
            {
                throw new RlaifInputException($"{source}: there is no job '{property.Name}'. Jobs: {Allowed()}.");
            }

            JsonElement[] values =
                property.Value.ValueKind == JsonValueKind.Array ? [.. property.Value.EnumerateArray()] : [property.Value];
            times[job] = [.. values.Select(v => TimeOf(v, property.Name, source))];
        }

        return new ScheduleFile(times);
    }

    /// <summary>The name of a job in the file.</summary>
    public static string Word(ProductionJob job) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{job}");

    /// <summary>The same times for a replay.</summary>
    public Timetable ToTimetable() =>
        new(
            Times.ToDictionary(
                t => t.Key,
                t =>
                    (Func<DateTimeOffset, DateTimeOffset?>)(
                        after => t.Value.Select(c => c.GetNextValidTimeAfter(after)?.ToUniversalTime()).Min()
                    )
            )
        );

    private static string Allowed() => string.Join(", ", Enum.GetValues<ProductionJob>().Select(Word));

    private static CronExpression TimeOf(JsonElement value, string job, string source) =>
        value.ValueKind == JsonValueKind.String
        && CronExpression.TryParse(value.GetString()!, out CronExpression? time)
        && time is not null
            ? time.WithTimeZone(Zone)
            : throw new RlaifInputException(
                $"{source}: {job} is {value.GetRawText()}; it must be a cron expression with six fields such as \"0 30 16 ? * MON-FRI\", or a list of them."
            );
}
