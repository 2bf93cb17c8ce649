using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Rlaif.Mutation;

/// <summary>One small change of one source file.</summary>
/// <param name="Tree">The file as it is.</param>
/// <param name="Change">What is replaced by what.</param>
/// <param name="Kind">The kind of change, for the report.</param>
internal sealed record Mutant(SyntaxTree Tree, TextChange Change, string Kind)
{
    /// <summary>The original text that is replaced.</summary>
    public string Original => Tree.GetText().ToString(Change.Span);

    /// <summary>File, line and column, counted from 1.</summary>
    public string Place(string root)
    {
        LinePosition start = Tree.GetLineSpan(Change.Span).StartLinePosition;
        return $"{Path.GetRelativePath(root, Tree.FilePath).Replace('\\', '/')}:{start.Line + 1}:{start.Character + 1}";
    }

    /// <summary>The file with the change.</summary>
    public SyntaxTree Mutated() => Tree.WithChangedText(Tree.GetText().WithChanges(Change));
}
