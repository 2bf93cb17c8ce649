namespace Rlaif.Decisions.Llm.Masking;

/// <summary>A run of letters and digits in a text.</summary>
internal readonly record struct Word(int Start, int Length)
{
    /// <summary>The position after it.</summary>
    internal int End => Start + Length;

    /// <summary>All words of a text, in order.</summary>
    internal static List<Word> Split(string text)
    {
        var words = new List<Word>();
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool inWord = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (inWord && start < 0)
            {
                start = i;
            }
            else if (!inWord && start >= 0)
            {
                words.Add(new Word(start, i - start));
                start = -1;
            }
        }

        return words;
    }
}
