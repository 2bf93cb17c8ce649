using System.Text;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>What a run will take, before it starts. It knows nothing of what is recorded already, of provider caches and of repairs.</summary>
public sealed record CostEstimate
{
    // Of English prose and JSON mixed; tokenizers of today make one token of three to four bytes.
    private const double BytesPerToken = 3.5;

    /// <summary>Calls.</summary>
    public required long Calls { get; init; }

    /// <summary>Tokens when replies are as long as assumed.</summary>
    public required long LowTokens { get; init; }

    /// <summary>Tokens when every reply is as long as it may be.</summary>
    public required long HighTokens { get; init; }

    /// <summary>US dollars when replies are as long as assumed; null when a price is not known.</summary>
    public required decimal? LowUsd { get; init; }

    /// <summary>US dollars when every reply is as long as it may be; null when a price is not known.</summary>
    public required decimal? HighUsd { get; init; }

    /// <summary>The models without a known price, as <c>provider/model</c>.</summary>
    public required IReadOnlyList<string> Unpriced { get; init; }

    /// <summary>Adds up the planned calls at the prices of the roster.</summary>
    /// <exception cref="RlaifInputException">A role has no model.</exception>
    public static CostEstimate Of(ModelRoster roster, IReadOnlyCollection<PlannedCalls> plan)
    {
        string[] unpriced =
        [
            .. plan.Select(p => roster[p.Role])
                .Where(s => !CallPrice.IsKnown(s.Card))
                .Select(s => $"{s.Options.Provider}/{s.Options.Model}")
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        decimal Usd(Func<PlannedCalls, long> output) =>
            plan.Sum(p => p.Calls * CallPrice.Usd(CallPrice.Of(roster[p.Role].Card, new TokenUsage(p.InputTokens, output(p)))));
        long Most(PlannedCalls p) => Math.Max(p.OutputTokens, roster[p.Role].Options.MaxOutputTokens);
        return new CostEstimate
        {
            Calls = plan.Sum(p => p.Calls),
            LowTokens = plan.Sum(p => p.Calls * (p.InputTokens + (long)p.OutputTokens)),
            HighTokens = plan.Sum(p => p.Calls * (p.InputTokens + Most(p))),
            LowUsd = unpriced.Length == 0 ? Usd(p => p.OutputTokens) : null,
            HighUsd = unpriced.Length == 0 ? Usd(Most) : null,
            Unpriced = unpriced,
        };
    }

    /// <summary>About how many tokens a text makes.</summary>
    public static int Tokens(string text) => (int)Math.Ceiling(Encoding.UTF8.GetByteCount(text) / BytesPerToken);
}
