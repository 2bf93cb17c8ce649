using System.Runtime.InteropServices;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>
/// Finds issuers in a text by ticker and by name, the longest first. Words count as a whole and in the case of the name or in capitals, so
/// <c>Apple</c> is found and neither <c>pineapple</c> nor <c>apple</c>. What is an ordinary word too (<c>ALL</c>, <c>Target</c>) counts as a ticker form
/// (<c>$ALL</c>, <c>(ALL)</c>, <c>NYSE:ALL</c>, <c>ALL.US</c>), before a legal form or a possessive (<c>Target Corp.</c>, <c>Target's</c>), or when it is the
/// decided symbol.
/// </summary>
internal sealed class NameFinder(NeutralNames names)
{
    private const int ShortestAnyCase = 3;

    /// <summary>Every mention, in the order of the text.</summary>
    internal IEnumerable<MaskedSpan> Find(string text)
    {
        List<Word> words = Word.Split(text);
        for (int i = 0; i < words.Count; )
        {
            if (Match(text, words, i) is var (name, count))
            {
                (int start, int end) = Extent(text, words, i, count, name);
                yield return new MaskedSpan(start, end - start, names.Of(name.Issuer));
                i += count;
                for (; i < words.Count && words[i].Start < end; i++) { }
            }
            else
            {
                i++;
            }
        }
    }

    private (IssuerName Name, int Count)? Match(string text, List<Word> words, int at)
    {
        int longest = Math.Max(CompanyNames.Table.LongestFrom(text, words[at]), names.Extra.LongestFrom(text, words[at]));
        for (int count = Math.Min(longest, words.Count - at); count > 0; count--)
        {
            ReadOnlySpan<Word> phrase = CollectionsMarshal.AsSpan(words).Slice(at, count);
            foreach (NameTable table in (ReadOnlySpan<NameTable>)[names.Extra, CompanyNames.Table])
            {
                foreach (IssuerName name in table.Find(text, phrase))
                {
                    if (IsMeant(name, text, words, at, count))
                    {
                        return (name, count);
                    }
                }
            }
        }

        return null;
    }

    private bool IsMeant(IssuerName name, string text, List<Word> words, int at, int count)
    {
        bool isDecided = name.Issuer == names.Decided;
        bool isWritten = name.IsWrittenAs(text, CollectionsMarshal.AsSpan(words).Slice(at, count));
        int start = words[at].Start;
        int end = words[at + count - 1].End;
        if (!name.IsTicker)
        {
            // "$3M" is money, "NASDAQ:" an exchange.
            bool isMoney = char.IsDigit(text[start]) && start > 0 && text[start - 1] == '$';
            bool isExchange = count == 1 && NameForms.IsExchange(text, words[at]) && text.AsSpan(end).TrimStart().StartsWith(":");
            return isWritten
                && !isMoney
                && !isExchange
                && (isDecided || !name.IsOrdinaryWord || NameForms.IsNamedAsCompany(text, words, at + count));
        }

        bool isAnyCase =
            isDecided
            && count == 1
            && !name.IsOrdinaryWord
            && end - start >= ShortestAnyCase
            && !OrdinaryWords.Contains(name.Key);
        return (isWritten && (isDecided || !name.IsOrdinaryWord || NameForms.IsTickerForm(text, words, at, end))) || isAnyCase;
    }

    private static (int Start, int End) Extent(string text, List<Word> words, int at, int count, IssuerName name)
    {
        int start = words[at].Start;
        int end = words[at + count - 1].End;
        if (!name.IsTicker)
        {
            return (start, NameForms.LegalFormEnd(text, words, at + count));
        }

        bool isMarked = start > 0 && text[start - 1] is '$' or '#' or '^';
        return (NameForms.ExchangeStart(text, words, at) ?? (isMarked ? start - 1 : start), NameForms.SuffixEnd(text, end));
    }
}
