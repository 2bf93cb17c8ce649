using System.Net;
using System.Text.RegularExpressions;
using Rlaif.Data.Documents;

namespace Rlaif.Data.Alpaca;

/// <summary>Makes documents of articles: plain text of HTML, one document for each symbol that was asked for.</summary>
internal static partial class ArticleText
{
    private const int LongestTitle = 1000;

    /// <summary>The documents of an article, known since its last change.</summary>
    internal static IEnumerable<Document> Documents(AlpacaArticle article, IReadOnlyCollection<string> symbols)
    {
        string title = OneLine(article.Headline);
        title = title.Length > LongestTitle ? title[..LongestTitle] : title;
        string content = Plain(article.Content);
        string text = content.Length > 0 ? content : Plain(article.Summary);
        DateTimeOffset knownAt = article.KnownAt.ToUniversalTime();
        foreach (string symbol in article.Symbols.Intersect(symbols, StringComparer.Ordinal))
        {
            yield return new Document
            {
                DocumentId = Document.CreateId(symbol, knownAt, DocumentKind.News, title, text),
                Symbol = symbol,
                KnownAt = knownAt,
                Type = DocumentKind.News,
                Title = title,
                Source = OneLine(article.Source),
                Text = text,
            };
        }
    }

    /// <summary>The text of HTML: paragraphs on lines of their own, no tags, no scripts, entities as characters.</summary>
    internal static string Plain(string html)
    {
        string text = Hidden().Replace(html, " ");
        text = Space().Replace(text, " ");
        text = Block().Replace(text, "\n");
        text = WebUtility.HtmlDecode(Tag().Replace(text, ""));
        return string.Join(
            '\n',
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(OneLine).Where(line => line.Length > 0)
        );
    }

    private static string OneLine(string text) => Space().Replace(WebUtility.HtmlDecode(text), " ").Trim();

    [GeneratedRegex(@"(?is)<script\b.*?</script\s*>|<style\b.*?</style\s*>|<!--.*?-->", RegexOptions.NonBacktracking)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"(?i)</?(?:p|div|br|li|ul|ol|tr|table|h[1-6]|blockquote)\b[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Block();

    [GeneratedRegex(@"</?[a-zA-Z][^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
