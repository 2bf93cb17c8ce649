namespace Rlaif.Data;

/// <summary>A headline about one symbol, known from <paramref name="PublishedAt"/> on. Its text is untrusted data.</summary>
public sealed record NewsItem(string Symbol, DateTimeOffset PublishedAt, string Headline, string Source);
