namespace Rlaif.Data;

/// <summary>
/// The headlines of one simulated stock. Most carry sentiment words and no information. Some report on the supply chain: their
/// wording points up or down, with a sentiment frame that is drawn independently of it, so that averaging sentiment words tells nothing.
/// </summary>
internal sealed class SimulatedNews
{
    private const double CueProbability = 0.85;
    private const int MinNoise = 1;
    private const int MaxNoise = 3;
    private const string Wire = "simulated wire";

    private static readonly string[] UpCues =
    [
        "channel checks point to restocking at {0} distributors",
        "{0} suppliers add shifts for the coming quarter",
    ];

    private static readonly string[] DownCues =
    [
        "channel checks point to destocking at {0} distributors",
        "{0} suppliers idle lines for the coming quarter",
    ];

    private static readonly string[] Frames =
    [
        "In an excellent week, ",
        "After a terrible week, ",
        "In midweek notes, ",
        "On Thursday, ",
    ];

    private static readonly string[] Noise =
    [
        "{0} wins praise for strong customer service",
        "{0} faces fresh criticism over pricing",
        "Analyst repeats great outlook for {0}",
        "Analyst warns of bad quarter for {0}",
        "{0} presents at technology conference",
        "{0} appoints new regional director",
        "{0} shares in focus ahead of options expiry",
        "Investors celebrate {0} anniversary event",
        "Lawsuit against {0} heads to court",
        "{0} opens office in Austin",
    ];

    private readonly List<NewsItem> _items = [];
    private readonly Dictionary<int, int> _cues = [];

    internal IReadOnlyList<NewsItem> Items => _items;

    /// <summary>By signal session: +1 when the supply-chain news of its week points up, -1 down; absent without such news.</summary>
    internal IReadOnlyDictionary<int, int> Cues => _cues;

    internal static SimulatedNews Write(string symbol, DateOnly[] sessions, SimulationOptions options, DeterministicRandom random)
    {
        var news = new SimulatedNews();
        for (int t = 1; t < sessions.Length; t++)
        {
            // Headlines of a signal fall into the sessions that lead up to it, so that they are known, and recent, at its close.
            if (SimulatedMarket.IsSignalSession(t, options.HorizonDays))
            {
                news.WriteWeek(symbol, sessions, t, Math.Max(1, t - options.HorizonDays + 1), random);
            }
        }

        news._items.Sort((a, b) => a.PublishedAt.CompareTo(b.PublishedAt));
        return news;
    }

    private void WriteWeek(string symbol, DateOnly[] sessions, int signal, int first, DeterministicRandom random)
    {
        int noise = MinNoise + random.NextInt(MaxNoise - MinNoise + 1);
        for (int i = 0; i < noise; i++)
        {
            Publish(symbol, Noise[random.NextInt(Noise.Length)], Moment(sessions, first, signal, random));
        }

        if (random.NextDouble() < CueProbability)
        {
            int cue = random.NextDouble() < 0.5 ? 1 : -1;
            string[] wordings = cue > 0 ? UpCues : DownCues;
            string text = Frames[random.NextInt(Frames.Length)] + wordings[random.NextInt(wordings.Length)];
            Publish(symbol, text, Moment(sessions, first, signal, random));
            _cues[signal] = cue;
        }
    }

    private void Publish(string symbol, string template, DateTimeOffset at) =>
        _items.Add(new NewsItem(symbol, at, string.Format(template, symbol), Wire));

    private static DateTimeOffset Moment(DateOnly[] sessions, int first, int last, DeterministicRandom random)
    {
        DateTimeOffset close = NyseCalendar.Hours(sessions[first + random.NextInt(last - first + 1)]).Close;
        return close - TimeSpan.FromMinutes(1 + random.NextInt(12 * 60));
    }
}
