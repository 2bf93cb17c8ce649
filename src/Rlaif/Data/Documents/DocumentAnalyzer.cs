using Lucene.Net.Analysis;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Analysis.En;
using Lucene.Net.Analysis.Standard;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Util;

namespace Rlaif.Data.Documents;

/// <summary>
/// Turns text into the words that are searched: Unicode word breaks, lower case, without the commonest English words, and with the
/// lightest of stemming (plural and possessive only), which does little harm to other languages. Nothing in a text is syntax.
/// </summary>
internal sealed class DocumentAnalyzer : Analyzer
{
    /// <summary>The words of a text, in order.</summary>
    internal IEnumerable<string> Words(string text)
    {
        using TokenStream tokens = GetTokenStream(string.Empty, text);
        ICharTermAttribute word = tokens.GetAttribute<ICharTermAttribute>();
        tokens.Reset();
        while (tokens.IncrementToken())
        {
            yield return word.ToString()!;
        }

        tokens.End();
    }

    /// <inheritdoc/>
    protected override TokenStreamComponents CreateComponents(string fieldName, TextReader reader)
    {
        const LuceneVersion Version = LuceneVersion.LUCENE_48;
        var source = new StandardTokenizer(Version, reader);
        TokenStream words = new EnglishPossessiveFilter(Version, new StandardFilter(Version, source));
        words = new StopFilter(Version, new LowerCaseFilter(Version, words), StandardAnalyzer.STOP_WORDS_SET);
        return new TokenStreamComponents(source, new EnglishMinimalStemFilter(words));
    }
}
