using System.Collections.Immutable;
using Rlaif.Data;
using Rlaif.Data.Indicators;
using Rlaif.Data.News;

namespace Rlaif.Decisions.RuleBased;

/// <summary>
/// Reads the headlines of the last seven days: the mean tone of their words, and nothing more clever. It quotes what it used, so that
/// whoever reads the report can judge the text itself.
/// </summary>
public sealed class SentimentAnalyst : IAnalyst
{
    private const double SilenceConfidence = 0.05;
    private const double ToneGain = 2;
    private const double BaseConfidence = 0.2;
    private const double AgreementConfidence = 0.3;
    private const double CountConfidence = 0.05;
    private const double BackgroundGap = 0.05;

    /// <inheritdoc/>
    public AnalystRole Role => AnalystRole.Sentiment;

    /// <inheritdoc/>
    public ValueTask<AnalystReport?> AnalyzeAsync(MarketSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ImmutableArray<NewsItem> news = Headlines.Quoted(snapshot);
        return ValueTask.FromResult<AnalystReport?>(news.IsEmpty ? Silence() : Read(news, snapshot.Features));
    }

    /// <inheritdoc/>
    public ValueTask<DebateTurn?> AnswerAsync(
        MarketSnapshot snapshot,
        AnalystReport own,
        IReadOnlyList<AnalystReport> others,
        int round,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult<DebateTurn?>(Rebuttal.Answer(own, others, round));

    private AnalystReport Silence() =>
        new()
        {
            Role = Role,
            Score = 0,
            Confidence = SilenceConfidence,
            Analysis = "No headlines in the last 7 days: no view from the news.",
            Reasoning = ["There is no news to read."],
        };

    private AnalystReport Read(ImmutableArray<NewsItem> news, IReadOnlyDictionary<string, double?> features)
    {
        double[] tones = [.. news.Select(n => SentimentLexicon.Score(n.Headline))];
        double mean = tones.Average();
        int good = tones.Count(t => t > 0);
        int bad = tones.Count(t => t < 0);
        double agreement = good + bad == 0 ? 0 : Math.Abs(good - bad) / (double)tones.Length;
        double score = Math.Tanh(ToneGain * mean);
        List<string> reasoning =
        [
            $"The mean tone of the last {Wording.Count(tones.Length, "headline")} is {Wording.Signed(mean)} between -1 and +1: {good} favorable, {bad} unfavorable.",
        ];
        if (features.GetValueOrDefault("news_sentiment_30") is { } month)
        {
            reasoning.Add($"Over 30 days the tone was {Wording.Signed(month)}, so the news {Change(mean - month)}.");
        }

        return new AnalystReport
        {
            Role = Role,
            Score = score,
            Confidence = BaseConfidence + (AgreementConfidence * agreement) + (CountConfidence * tones.Length),
            Analysis =
                $"The news of the week is {Wording.View(score)}{(good > 0 && bad > 0 ? ", though headlines disagree" : string.Empty)}.",
            Reasoning = [.. reasoning, .. news.Select(Headlines.Step)],
        };
    }

    private static string Change(double difference) =>
        difference switch
        {
            > BackgroundGap => "has brightened",
            < -BackgroundGap => "has darkened",
            _ => "has kept its tone",
        };
}
