using System.Globalization;
using System.Text.RegularExpressions;
using NCalc;
using NCalc.Exceptions;
using Rlaif.Data.Indicators;
using Rlaif.Outcomes;

namespace Rlaif.Preferences.Expressions;

/// <summary>
/// A formula over the fields of an outcome. NCalc reads it into a tree; the tree is turned into functions of our own, which know numbers
/// and comparisons and nothing else. Every text is refused whose characters, names, length or nesting are not expected, before NCalc sees it.
/// </summary>
internal static partial class MetricExpression
{
    private const int MaxLength = 500;
    private const int MaxNesting = 20;
    private const int TimeoutMilliseconds = 1000;

    private static readonly LogicalExpressionParserOptions ParserOptions = new()
    {
        FloatingPointNumberType = FloatingPointNumberType.Double,
        ArgumentSeparator = ArgumentSeparator.Comma,
    };

    /// <summary>Reads an expression.</summary>
    /// <exception cref="RlaifInputException">It cannot be read; the message says where, and what is allowed.</exception>
    internal static ExpressionTerm Parse(string text)
    {
        RequireShort(text);
        RequireKnownTokens(text);
        ExpressionTerm term = Term(Tree(text), text);
        // It is stored by its canonical text, which has to be readable again.
        RequireShort(term.Text);
        return term.IsComparison ? throw Refuse(text, null, $"a comparison is not a number; write if({term.Text}, 1, 0)") : term;
    }

    /// <summary>Whether a text is a lone name rather than a formula.</summary>
    internal static bool IsName(string text) => text.Length <= MaxLength && NamePattern().IsMatch(text);

    private static void RequireShort(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new RlaifInputException($"A metric expression has at most {MaxLength} characters; this one has {text.Length}.");
        }
    }

    private static void RequireKnownTokens(string text)
    {
        int depth = 0;
        int at = 0;
        while (at < text.Length)
        {
            Match token = TokenPattern().Match(text, at);
            if (!token.Success)
            {
                throw Refuse(text, at, $"{Shown(text, at)} cannot stand here");
            }

            if (token.Groups["name"].Success && !IsKnown(token.Value))
            {
                string? near = NearName.Of(token.Value, OutcomeFields.Names.Concat(ExpressionFunction.Names));
                throw Refuse(text, at, $"'{token.Value}' is unknown{(near is null ? "" : $"; did you mean {near}?")}");
            }

            depth += token.Value switch
            {
                "(" => 1,
                ")" => -1,
                _ => 0,
            };
            if (depth > MaxNesting)
            {
                throw Refuse(text, at, $"parentheses are nested more than {MaxNesting} deep");
            }

            at += token.Length;
        }
    }

    private static bool IsKnown(string name) =>
        name == "if" || OutcomeFields.Find(name) is not null || ExpressionFunction.Find(name) is not null;

    private static LogicalExpression Tree(string text)
    {
        try
        {
            return LogicalExpressionParser.Parse(text, ParserOptions, CultureInfo.InvariantCulture, CancellationToken.None);
        }
        catch (NCalcParserException e)
        {
            // NCalc names no position when the first character is the wrong one.
            Match position = PositionPattern().Match(e.Message);
            int at = position.Success ? int.Parse(position.Groups["column"].Value, CultureInfo.InvariantCulture) - 1 : 0;
            string why =
                at >= text.Length ? "the expression ends too early"
                : text.AsSpan(at).Trim(" +-*/<>=!(,").IsEmpty ? "the expression ends where a value is expected"
                : $"{Shown(text, at)} is unexpected";
            throw Refuse(text, at, why);
        }
    }

    private static ExpressionTerm Term(LogicalExpression node, string text) =>
        node switch
        {
            ValueExpression { Value: int or long or double } value => Number(Convert.ToDouble(value.Value, null), text),
            Identifier name when OutcomeFields.Find(name.Name) is { } read => ExpressionTerm.Field(name.Name, read),
            Identifier name => throw Refuse(text, null, $"{name.Name} is a function and needs arguments in parentheses"),
            UnaryExpression { Type: UnaryExpressionType.Negate } minus => ExpressionTerm.Negation(
                NumberTerm(minus.Expression, text)
            ),
            BinaryExpression pair => Binary(
                pair.Type,
                NumberTerm(pair.LeftExpression, text),
                NumberTerm(pair.RightExpression, text)
            ),
            Function call => Call(call, text),
            _ => throw Refuse(text, null, "a list of values can only be the arguments of a function"),
        };

    private static ExpressionTerm Number(double value, string text) =>
        double.IsFinite(value) ? ExpressionTerm.Number(value) : throw Refuse(text, null, "a number is too large");

    private static ExpressionTerm NumberTerm(LogicalExpression node, string text) =>
        Term(node, text) is { IsComparison: false } term
            ? term
            : throw Refuse(text, null, "a comparison can only be the first argument of if");

    private static ExpressionTerm Binary(BinaryExpressionType type, ExpressionTerm a, ExpressionTerm b) =>
        type switch
        {
            BinaryExpressionType.Plus => ExpressionTerm.Sum("+", a, b, (x, y) => x + y),
            BinaryExpressionType.Minus => ExpressionTerm.Sum("-", a, b, (x, y) => x - y),
            BinaryExpressionType.Times => ExpressionTerm.Product("*", a, b, (x, y) => x * y),
            BinaryExpressionType.Div => ExpressionTerm.Product("/", a, b, (x, y) => x / y),
            BinaryExpressionType.Lesser => ExpressionTerm.Comparison("<", a, b, (x, y) => x < y),
            BinaryExpressionType.LesserOrEqual => ExpressionTerm.Comparison("<=", a, b, (x, y) => x <= y),
            BinaryExpressionType.Greater => ExpressionTerm.Comparison(">", a, b, (x, y) => x > y),
            BinaryExpressionType.GreaterOrEqual => ExpressionTerm.Comparison(">=", a, b, (x, y) => x >= y),
            BinaryExpressionType.Equal => ExpressionTerm.Comparison("==", a, b, (x, y) => x.Equals(y)),
            BinaryExpressionType.NotEqual => ExpressionTerm.Comparison("!=", a, b, (x, y) => !x.Equals(y)),
            _ => throw new InvalidOperationException($"Operator {type} passed the check of the characters."),
        };

    private static ExpressionTerm Call(Function call, string text)
    {
        string name = call.Identifier.Name;
        LogicalExpression[] arguments = [.. call.Parameters];
        if (name == "if")
        {
            RequireCount(name, arguments.Length, 3, 3, text);
            ExpressionTerm condition = Term(arguments[0], text);
            return condition.IsComparison
                ? ExpressionTerm.If(condition, NumberTerm(arguments[1], text), NumberTerm(arguments[2], text))
                : throw Refuse(text, null, $"the first argument of if has to be a comparison, such as {condition.Text} > 0");
        }

        ExpressionFunction function =
            ExpressionFunction.Find(name) ?? throw Refuse(text, null, $"{name} is a field and takes no arguments");
        RequireCount(name, arguments.Length, function.Fewest, function.Most, text);
        return ExpressionTerm.Call(name, function, [.. arguments.Select(a => NumberTerm(a, text))]);
    }

    private static void RequireCount(string name, int count, int fewest, int most, string text)
    {
        if (count < fewest || count > most)
        {
            string wanted = fewest == most ? $"{fewest}" : $"{fewest} or more";
            throw Refuse(text, null, $"{name} takes {wanted} argument{(wanted == "1" ? "" : "s")}, not {count}");
        }
    }

    private static RlaifInputException Refuse(string text, int? at, string why)
    {
        string where = at is { } index ? $", character {index + 1}" : $" '{text}'";
        return new RlaifInputException($"Metric expression{where}: {why}. {ComparisonMetric.ExpressionLanguage}.");
    }

    private static string Shown(string text, int at) => text[at] is > ' ' and <= '~' ? $"'{text[at]}'" : $"U+{(int)text[at]:X4}";

    // An operator may be followed by a minus, never by another operator.
    [GeneratedRegex(
        @"\G(?: +|(?<name>[A-Za-z_]\w*)|[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?|[(),]|(?:[<>=!]=|[-+*/<>])(?! *[+*/<>=!]))",
        RegexOptions.ECMAScript,
        TimeoutMilliseconds
    )]
    private static partial Regex TokenPattern();

    [GeneratedRegex(@"\((?:\d+):(?<column>\d+)\)", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex PositionPattern();

    [GeneratedRegex("^[A-Za-z_]+$", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex NamePattern();
}
