using System.Globalization;

namespace Rlaif.Cli;

/// <summary>Text from outside, made safe to print: what could steer a terminal or turn its writing around becomes a space.</summary>
internal static class PlainText
{
    /// <summary>The text on one line, without control and format characters.</summary>
    public static string Of(string text) =>
        string.Join(' ', string.Concat(text.Select(c => IsPlain(c) ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static bool IsPlain(char c) =>
        char.GetUnicodeCategory(c)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );
}
