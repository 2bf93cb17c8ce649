using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;
using Lucene.Net.Store;
using Lucene.Net.Util;

namespace Rlaif.Data.Documents;

/// <summary>
/// Scores passages by the words that they share with a query (BM25). How rare a word is and how long passages are on average is
/// counted over the visible passages only, for every search anew: what is not visible has no influence on any score. Thread-safe.
/// </summary>
internal sealed class WordIndex : IDisposable
{
    private const string Field = "text";
    private const int MostQueryWords = 64;
    private const double IndexingMegabytes = 64;

    private static readonly FieldType FieldType = CreateFieldType();

    private readonly DocumentAnalyzer _analyzer = new();
    private readonly ExactLengthSimilarity _similarity = new();
    private readonly RAMDirectory _directory = new();
    private readonly DirectoryReader _reader;

    /// <summary>Indexes passages; they are known by their position from here on.</summary>
    internal WordIndex(IEnumerable<string> passages)
    {
        // Segments are joined in their order, so that a passage's number in the index is its position.
        var settings = new IndexWriterConfig(LuceneVersion.LUCENE_48, _analyzer)
        {
            Similarity = _similarity,
            MergePolicy = new LogDocMergePolicy(),
            MergeScheduler = new SerialMergeScheduler(),
            RAMBufferSizeMB = IndexingMegabytes,
        };
        using var writer = new IndexWriter(_directory, settings);
        foreach (string passage in passages)
        {
            writer.AddDocument([new Field(Field, passage, FieldType)]);
        }

        writer.ForceMerge(1);
        writer.Commit();
        _reader = DirectoryReader.Open(_directory);
    }

    /// <summary>The score of each passage by position; zero where it is not visible or shares no word with the query.</summary>
    /// <param name="query">Any text; only its first words count.</param>
    /// <param name="visible">Which passages may be seen, by position.</param>
    internal double[] Score(string query, bool[] visible)
    {
        var scores = new double[visible.Length];
        if (_reader.Leaves.Count == 0)
        {
            return scores;
        }

        AtomicReaderContext segment = _reader.Leaves[0];
        CollectionStatistics collection = Statistics(segment.AtomicReader, visible);
        TermsEnum terms = segment.AtomicReader.GetTerms(Field)?.GetEnumerator() ?? TermsEnum.EMPTY;
        // Words are summed up in the order of the query: a sum in another order is another sum.
        foreach (string word in _analyzer.Words(query).Distinct(StringComparer.Ordinal).Take(MostQueryWords))
        {
            var term = new BytesRef(word);
            if (terms.SeekExact(term))
            {
                Add(segment, collection, term, Visible(terms, visible), scores);
            }
        }

        return scores;
    }

    /// <summary>A text reduced to the words that are searched.</summary>
    internal string Telling(string text) => string.Join(' ', _analyzer.Words(text));

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _directory.Dispose();
        _analyzer.Dispose();
    }

    private static FieldType CreateFieldType()
    {
        var type = new FieldType
        {
            IsIndexed = true,
            IsTokenized = true,
            IndexOptions = IndexOptions.DOCS_AND_FREQS,
        };
        type.Freeze();
        return type;
    }

    private static CollectionStatistics Statistics(AtomicReader reader, bool[] visible)
    {
        const long Unknown = -1;
        NumericDocValues norms = reader.GetNormValues(Field);
        long words = 0;
        int passages = 0;
        for (int i = 0; i < visible.Length; i++)
        {
            if (visible[i])
            {
                passages++;
                words += ExactLengthSimilarity.Length(norms.Get(i));
            }
        }

        return new CollectionStatistics(Field, passages, passages, words, Unknown);
    }

    private static List<(int Passage, int Count)> Visible(TermsEnum terms, bool[] visible)
    {
        var found = new List<(int, int)>();
        DocsEnum postings = terms.Docs(null, null, DocsFlags.FREQS);
        for (int i = postings.NextDoc(); i != DocIdSetIterator.NO_MORE_DOCS; i = postings.NextDoc())
        {
            if (visible[i])
            {
                found.Add((i, postings.Freq));
            }
        }

        return found;
    }

    private void Add(
        AtomicReaderContext segment,
        CollectionStatistics collection,
        BytesRef term,
        List<(int Passage, int Count)> postings,
        double[] scores
    )
    {
        if (postings.Count == 0)
        {
            return;
        }

        var statistics = new TermStatistics(term, postings.Count, postings.Sum(p => (long)p.Count));
        Similarity.SimWeight weight = _similarity.ComputeWeight(1, collection, statistics);
        weight.Normalize(1, 1);
        Similarity.SimScorer scorer = _similarity.GetSimScorer(weight, segment);
        foreach ((int passage, int count) in postings)
        {
            scores[passage] += scorer.Score(passage, count);
        }
    }
}
