using System.Text;
using Rlaif.Decisions.Llm.Masking;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>
/// Text that is quoted in a prompt: on one line, of bounded length, and unable to produce the tags of the block it stands in or the
/// bracketed ids of evidence. What it says is left as it is.
/// </summary>
internal static class Quoted
{
    /// <summary>Names are looked for in so many characters more than are kept: one that the cut goes through is found whole.</summary>
    internal const int MaskMargin = 400;

    /// <summary>A text from outside, masked.</summary>
    internal static string Outside(string text, int maxLength, Masker masker) =>
        Replace(Headlines.Clean(masker.Text(Headlines.Clean(text, maxLength + MaskMargin)), maxLength), keepBrackets: false);

    /// <summary>What a model of this moment said; its citations have been checked and stay.</summary>
    internal static string Said(string text) => Replace(Headlines.Clean(text, int.MaxValue), keepBrackets: true);

    /// <summary>The JSON of a tool's result.</summary>
    internal static string Json(string json) => Replace(json, keepBrackets: true);

    // Look-alikes of the signs are replaced too: a model may take them for the signs.
    private static string Replace(string text, bool keepBrackets)
    {
        var safe = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            safe.Append(
                c switch
                {
                    '<' or '\uFF1C' or '\uFE64' or '\u2039' or '\u27E8' or '\u3008' or '\u2329' => '(',
                    '>' or '\uFF1E' or '\uFE65' or '\u203A' or '\u27E9' or '\u3009' or '\u232A' => ')',
                    '[' or '\uFF3B' when !keepBrackets => '(',
                    ']' or '\uFF3D' when !keepBrackets => ')',
                    _ => c,
                }
            );
        }

        return safe.ToString();
    }
}
