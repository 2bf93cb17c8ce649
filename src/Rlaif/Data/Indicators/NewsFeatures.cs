using Rlaif.Data.News;

namespace Rlaif.Data.Indicators;

/// <summary>Features of the headlines that a snapshot holds.</summary>
internal static class NewsFeatures
{
    private const int WeekDays = 7;
    private const int MonthDays = 30;

    internal static readonly Feature<MarketSnapshot>[] All =
    [
        new(
            "news_count_5",
            FeatureUnits.Count,
            "Headlines of the last five trading days, that is seven calendar days.",
            s => Recent(s, WeekDays).Length
        ),
        new("news_sentiment_7", FeatureUnits.Signed, "Mean tone of the headlines of the last 7 days.", s => Tone(s, WeekDays)),
        new("news_sentiment_30", FeatureUnits.Signed, "Mean tone of the headlines of the last 30 days.", s => Tone(s, MonthDays)),
    ];

    // Headlines come oldest first, so the recent ones are the tail.
    private static ReadOnlySpan<NewsItem> Recent(MarketSnapshot snapshot, int days)
    {
        ReadOnlySpan<NewsItem> news = snapshot.News.AsSpan();
        DateTimeOffset since = snapshot.AsOf.AddDays(-days);
        int first = news.Length;
        while (first > 0 && news[first - 1].PublishedAt > since)
        {
            first--;
        }

        return news[first..];
    }

    private static double Tone(MarketSnapshot snapshot, int days)
    {
        ReadOnlySpan<NewsItem> recent = Recent(snapshot, days);
        double sum = 0;
        foreach (NewsItem item in recent)
        {
            sum += SentimentLexicon.Score(item.Headline);
        }

        return sum / recent.Length;
    }
}
