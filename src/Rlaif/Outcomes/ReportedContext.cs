using Rlaif.Data;
using Rlaif.Data.Indicators;
using Rlaif.Decisions;

namespace Rlaif.Outcomes;

/// <summary>Builds the context of rows that answered one question.</summary>
internal static class ReportedContext
{
    /// <summary>One run holds all imports, so that rows of several files can be compared and none is counted twice.</summary>
    internal static readonly string RunId = ContentId.Create("run", "import");

    internal static string IdOf(ReportedRow row) =>
        ContentId.Create("ctx", RunId, row.Symbol, row.DecidedAt.UtcTicks.ToString(), "0", row.ContextKey);

    /// <summary>
    /// The context of <paramref name="rows"/>: market features, volatility and beta as of the decision when there are bars, above them the
    /// features that the rows name.
    /// </summary>
    internal static DecisionContext Build(IReadOnlyList<ReportedRow> rows, MarketSnapshot? snapshot)
    {
        ReportedRow first = rows[0];
        IReadOnlyDictionary<string, double?> market = snapshot is null
            ? new Dictionary<string, double?>(StringComparer.Ordinal)
            : MarketFeatures.Compute(snapshot);
        var features = new OrderedDictionary<string, double?>(market, StringComparer.Ordinal);
        foreach ((string name, double? value) in rows.SelectMany(r => r.Features).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            features[name] = value;
        }

        return new DecisionContext
        {
            ContextId = IdOf(first),
            RunId = RunId,
            Symbol = first.Symbol,
            AsOf = first.DecidedAt,
            Generation = 0,
            Agents = string.Join(", ", rows.Select(r => r.Agent).Distinct(StringComparer.Ordinal)),
            SnapshotHash = snapshot?.Hash ?? ContentId.Sha256($"{first.Symbol}|{first.DecidedAt.UtcTicks}|{Facts(features)}"),
            Features = features,
            ReferencePrice = snapshot?.Bars.Last.Close ?? 0,
            DailyVolatility = snapshot is null ? null : ExpectedVolatility.Daily(snapshot, market),
            Beta = market.GetValueOrDefault("beta_60"),
            Debate = new Debate
            {
                Opening = [],
                Turns = [],
                Closing = [],
                Converged = true,
            },
            Prompt =
                rows.Select(r => r.Prompt).FirstOrDefault(p => p is not null)
                ?? (snapshot is null ? Question(first, features) : MarketBrief.Render(snapshot, features, [])),
        };
    }

    internal static Candidate Candidate(ReportedRow row, double positionSize, string contextId, int index) =>
        new()
        {
            CandidateId = Decisions.Candidate.CreateId(contextId, index),
            ContextId = contextId,
            Index = index,
            Symbol = row.Symbol,
            AsOf = row.DecidedAt,
            Action = row.Action,
            PositionSize = positionSize,
            Score = row.Score,
            Confidence = row.Confidence,
            Stance = row.Agent,
            Analysis = row.Analysis,
            Reasoning = row.Reasoning,
        };

    /// <summary>Whether two candidates of one context say the same; their places may differ.</summary>
    internal static bool SaysTheSame(Candidate a, Candidate b) =>
        (a.Stance, a.Action, a.PositionSize, a.Score, a.Confidence, a.Analysis)
            == (b.Stance, b.Action, b.PositionSize, b.Score, b.Confidence, b.Analysis)
        && a.Reasoning.SequenceEqual(b.Reasoning, StringComparer.Ordinal);

    private static string Question(ReportedRow row, OrderedDictionary<string, double?> features)
    {
        string facts = features.Count == 0 ? "" : $" Features: {Facts(features)}.";
        return $"Decide on {row.Symbol} as of {row.DecidedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC: buy, sell or hold, and how much.{facts}";
    }

    private static string Facts(OrderedDictionary<string, double?> features) =>
        string.Join(", ", features.Select(f => $"{f.Key} {(f.Value is { } v ? v.ToString("R") : "unknown")}"));
}
