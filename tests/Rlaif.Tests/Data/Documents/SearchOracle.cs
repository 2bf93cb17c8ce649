using Rlaif.Data.Documents;
using Rlaif.Data.Text;

namespace Rlaif.Tests.Data.Documents;

/// <summary>The search as it is defined, slowly: over the visible documents only, without an index.</summary>
internal static class SearchOracle
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    private sealed record Passage(Document Document, int Index, string Text)
    {
        public string Searched => Text == Document.Title ? Text : $"{Document.Title}\n{Text}";
    }

    /// <summary>BM25 of each passage; zero where it is not visible.</summary>
    public static double[] Bm25(IReadOnlyList<string> passages, string query, bool[] visible)
    {
        string[][] words = [.. passages.Select(Words)];
        int[] shown = [.. Enumerable.Range(0, words.Length).Where(i => visible[i])];
        double average = shown.Length == 0 ? 1 : shown.Average(i => (double)Length(words[i]));
        var scores = new double[words.Length];
        foreach (string term in Words(query).Distinct())
        {
            int containing = shown.Count(i => words[i].Contains(term));
            double rarity = Math.Log(1 + ((shown.Length - containing + 0.5) / (containing + 0.5)));
            foreach (int i in shown)
            {
                int count = words[i].Count(w => w == term);
                scores[i] += rarity * count * (K1 + 1) / (count + (K1 * (1 - B + (B * Length(words[i]) / average))));
            }
        }

        return scores;
    }

    public static IReadOnlyList<DocumentPassage> Search(
        IEnumerable<Document> documents,
        string symbol,
        double day,
        string query,
        int count,
        ITextEncoder encoder
    )
    {
        Passage[] passages =
        [
            .. documents
                .Where(d => d.KnownAt <= Library.Start.AddDays(day) && (d.Symbol is null || d.Symbol == symbol))
                .DistinctBy(d => d.DocumentId)
                .SelectMany(d => DocumentChunker.Split(d.Text == "" ? d.Title : d.Text).Select((t, i) => new Passage(d, i, t)))
                .OrderByDescending(p => p.Document.KnownAt)
                .ThenBy(p => p.Document.DocumentId, StringComparer.Ordinal)
                .ThenBy(p => p.Index),
        ];
        bool[] all = [.. passages.Select(_ => true)];
        double[] byWords = [.. Bm25([.. passages.Select(p => p.Searched)], query, all).Select(s => Math.Round(s, 5))];
        double[] byMeaning = [.. passages.Select(p => Math.Round(Cosine(p.Searched, query, encoder), 5))];
        var fused = new double[passages.Length];
        double weight = encoder is HashedTextEncoder ? 0.25 : 1;
        foreach (
            (double[] scores, double above, double say) in ((double[], double, double)[])
                [(byWords, 0, 1), (byMeaning, 0.1, weight)]
        )
        {
            int[] ranked =
            [
                .. Enumerable.Range(0, passages.Length).Where(i => scores[i] > above).OrderByDescending(i => scores[i]),
            ];
            for (int rank = 1; rank <= ranked.Length; rank++)
            {
                fused[ranked[rank - 1]] += say / (60 + rank);
            }
        }

        var found = new List<DocumentPassage>();
        foreach (int i in Enumerable.Range(0, passages.Length).Where(i => fused[i] > 0).OrderByDescending(i => fused[i]))
        {
            Passage p = passages[i];
            if (found.Count(f => f.Document.DocumentId == p.Document.DocumentId) < 2 && found.All(f => f.Text != p.Text))
            {
                found.Add(new DocumentPassage(p.Document, p.Index, p.Text, fused[i]));
            }
        }

        return [.. found.Take(count)];
    }

    private static double Cosine(string a, string b, ITextEncoder encoder)
    {
        var x = new float[encoder.Dimensions];
        var y = new float[encoder.Dimensions];
        encoder.Encode(a, x);
        encoder.Encode(b, y);
        return x.Zip(y).Sum(p => (double)p.First * p.Second);
    }

    private static int Length(string[] words) => Math.Min(words.Length, 255);

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
