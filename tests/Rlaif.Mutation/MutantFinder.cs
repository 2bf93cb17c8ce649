using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Rlaif.Mutation;

/// <summary>
/// Finds every place of a file where a small mistake could stand. Strings are left out, and so is what is copied into the tests when they
/// are compiled (default values of parameters, constants that are not private, enumeration values) and what does not run (attributes).
/// </summary>
internal sealed class MutantFinder : CSharpSyntaxWalker
{
    private static readonly Dictionary<SyntaxKind, string[]> Operators = new()
    {
        [SyntaxKind.PlusToken] = ["-"],
        [SyntaxKind.MinusToken] = ["+"],
        [SyntaxKind.AsteriskToken] = ["/"],
        [SyntaxKind.SlashToken] = ["*"],
        [SyntaxKind.PercentToken] = ["*"],
        [SyntaxKind.LessThanToken] = ["<=", ">="],
        [SyntaxKind.LessThanEqualsToken] = ["<", ">"],
        [SyntaxKind.GreaterThanToken] = [">=", "<="],
        [SyntaxKind.GreaterThanEqualsToken] = [">", "<"],
        [SyntaxKind.EqualsEqualsToken] = ["!="],
        [SyntaxKind.ExclamationEqualsToken] = ["=="],
        [SyntaxKind.AmpersandAmpersandToken] = ["||"],
        [SyntaxKind.BarBarToken] = ["&&"],
        [SyntaxKind.AmpersandToken] = ["|"],
        [SyntaxKind.BarToken] = ["&"],
        [SyntaxKind.LessThanLessThanToken] = [">>"],
        [SyntaxKind.GreaterThanGreaterThanToken] = ["<<"],
        [SyntaxKind.PlusEqualsToken] = ["-=", "="],
        [SyntaxKind.MinusEqualsToken] = ["+=", "="],
        [SyntaxKind.AsteriskEqualsToken] = ["/=", "="],
        [SyntaxKind.SlashEqualsToken] = ["*=", "="],
        [SyntaxKind.PlusPlusToken] = ["--"],
        [SyntaxKind.MinusMinusToken] = ["++"],
        [SyntaxKind.AndKeyword] = ["or"],
        [SyntaxKind.OrKeyword] = ["and"],
    };

    private static readonly Dictionary<string, string> Methods = new(StringComparer.Ordinal)
    {
        ["Min"] = "Max",
        ["Max"] = "Min",
        ["MinBy"] = "MaxBy",
        ["MaxBy"] = "MinBy",
        ["First"] = "Last",
        ["Last"] = "First",
        ["FirstOrDefault"] = "LastOrDefault",
        ["LastOrDefault"] = "FirstOrDefault",
        ["Any"] = "All",
        ["All"] = "Any",
        ["Skip"] = "Take",
        ["Take"] = "Skip",
        ["Order"] = "OrderDescending",
        ["OrderDescending"] = "Order",
        ["OrderBy"] = "OrderByDescending",
        ["OrderByDescending"] = "OrderBy",
        ["ThenBy"] = "ThenByDescending",
        ["ThenByDescending"] = "ThenBy",
        ["Floor"] = "Ceiling",
        ["Ceiling"] = "Floor",
        ["Sqrt"] = "Abs",
        ["Exp"] = "Log",
        ["Log"] = "Exp",
        ["StartsWith"] = "EndsWith",
        ["EndsWith"] = "StartsWith",
    };

    /// <summary>Calls that can be left out: what they are called on stays.</summary>
    private static readonly HashSet<string> Steps = new(StringComparer.Ordinal) { "Where", "Distinct", "Reverse", "Trim" };

    private readonly SyntaxTree _tree;
    private readonly List<Mutant> _found = [];

    private MutantFinder(SyntaxTree tree) => _tree = tree;

    /// <summary>All mutants of a file, in its order.</summary>
    public static IReadOnlyList<Mutant> In(SyntaxTree tree)
    {
        var finder = new MutantFinder(tree);
        finder.Visit(tree.GetRoot());
        return finder._found;
    }

    public override void VisitAttributeList(AttributeListSyntax node) { }

    public override void VisitEnumMemberDeclaration(EnumMemberDeclarationSyntax node) { }

    public override void VisitParameter(ParameterSyntax node) { }

    public override void VisitFieldDeclaration(FieldDeclarationSyntax node)
    {
        if (!node.Modifiers.Any(SyntaxKind.ConstKeyword) || node.Modifiers.Any(SyntaxKind.PrivateKeyword))
        {
            base.VisitFieldDeclaration(node);
        }
    }

    public override void VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        Swap(node, node.OperatorToken, node.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression);
        if (node.IsKind(SyntaxKind.CoalesceExpression))
        {
            Replace(node, $"({node.Right})", "fallback");
        }

        if (node.IsKind(SyntaxKind.IsExpression))
        {
            Replace(node, $"!({node})", "condition");
        }

        base.VisitBinaryExpression(node);
    }

    public override void VisitIsPatternExpression(IsPatternExpressionSyntax node)
    {
        Replace(node, $"!({node})", "condition");
        base.VisitIsPatternExpression(node);
    }

    public override void VisitBinaryPattern(BinaryPatternSyntax node)
    {
        Swap(node, node.OperatorToken, needsParentheses: true);
        base.VisitBinaryPattern(node);
    }

    public override void VisitRelationalPattern(RelationalPatternSyntax node)
    {
        Swap(node, node.OperatorToken);
        base.VisitRelationalPattern(node);
    }

    public override void VisitAssignmentExpression(AssignmentExpressionSyntax node)
    {
        Swap(node, node.OperatorToken);
        base.VisitAssignmentExpression(node);
    }

    public override void VisitPrefixUnaryExpression(PrefixUnaryExpressionSyntax node)
    {
        if (node.Kind() is SyntaxKind.LogicalNotExpression or SyntaxKind.UnaryMinusExpression)
        {
            Replace(node, $"({node.Operand})", "sign");
        }
        else
        {
            Swap(node, node.OperatorToken);
        }

        base.VisitPrefixUnaryExpression(node);
    }

    public override void VisitPostfixUnaryExpression(PostfixUnaryExpressionSyntax node)
    {
        Swap(node, node.OperatorToken);
        base.VisitPostfixUnaryExpression(node);
    }

    public override void VisitLiteralExpression(LiteralExpressionSyntax node)
    {
        string? other = node.Token.Value switch
        {
            true => "false",
            false => "true",
            int i => (i + 1L).ToString(CultureInfo.InvariantCulture),
            uint i => $"{i + 1L}u",
            long i => $"{i + 1}L",
            ulong i => $"{i + 1}ul",
            float f => $"{(f == 0 ? 1 : 2 * f):R}f",
            double d => $"{(d == 0 ? 1 : 2 * d):R}d",
            decimal m => $"{(m == 0 ? 1 : 2 * m)}m",
            _ => null,
        };
        if (other is not null)
        {
            Replace(node, other, "literal");
        }
    }

    public override void VisitIfStatement(IfStatementSyntax node)
    {
        Negate(node.Condition);
        base.VisitIfStatement(node);
    }

    public override void VisitConditionalExpression(ConditionalExpressionSyntax node)
    {
        Negate(node.Condition);
        base.VisitConditionalExpression(node);
    }

    public override void VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        if (node.Expression is MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } access)
        {
            if (Methods.TryGetValue(name.Identifier.Text, out string? other))
            {
                Replace(name, other, "method");
            }

            if (Steps.Contains(name.Identifier.Text))
            {
                Replace(node, access.Expression.ToString(), "method");
            }
        }

        base.VisitInvocationExpression(node);
    }

    public override void VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        Replace(node, ";", "statement");
        base.VisitExpressionStatement(node);
    }

    public override void VisitThrowStatement(ThrowStatementSyntax node)
    {
        Replace(node, ";", "statement");
        base.VisitThrowStatement(node);
    }

    public override void VisitContinueStatement(ContinueStatementSyntax node) => Replace(node, ";", "statement");

    public override void VisitBreakStatement(BreakStatementSyntax node) => Replace(node, ";", "statement");

    // A condition that is one comparison is turned round already where its operator is swapped.
    private void Negate(ExpressionSyntax condition)
    {
        bool isCovered =
            condition is IsPatternExpressionSyntax or PrefixUnaryExpressionSyntax
            || (
                condition is BinaryExpressionSyntax
                && condition.Kind() is not SyntaxKind.LogicalAndExpression and not SyntaxKind.LogicalOrExpression
            );
        if (!isCovered)
        {
            Replace(condition, $"!({condition})", "condition");
        }
    }

    private void Swap(SyntaxNode node, SyntaxToken token, bool needsParentheses = false)
    {
        if (!Operators.TryGetValue(token.Kind(), out string[]? others))
        {
            return;
        }

        foreach (string other in others)
        {
            if (needsParentheses)
            {
                int at = token.SpanStart - node.SpanStart;
                string text = node.ToString();
                Replace(node, $"({text[..at]}{other}{text[(at + token.Span.Length)..]})", "operator");
            }
            else
            {
                _found.Add(new Mutant(_tree, new TextChange(token.Span, other), "operator"));
            }
        }
    }

    private void Replace(SyntaxNode node, string text, string kind) =>
        _found.Add(new Mutant(_tree, new TextChange(node.Span, text), kind));
}
