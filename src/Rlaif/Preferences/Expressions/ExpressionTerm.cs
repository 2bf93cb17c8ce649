using System.Globalization;
using Rlaif.Outcomes;

namespace Rlaif.Preferences.Expressions;

/// <summary>
/// A part of a metric expression: how to compute it and how to write it down. NaN stands for "cannot be computed" and spreads to
/// everything that is computed from it; no infinity ever leaves a term, so that none can turn into a number again.
/// </summary>
/// <param name="Value">Its value for an outcome; of a comparison, 1 when it holds and 0 when it does not.</param>
/// <param name="Text">The canonical text.</param>
/// <param name="Rank">How tightly the text binds; a part of a lower rank stands in parentheses.</param>
internal sealed record ExpressionTerm(Func<Outcome, double> Value, string Text, int Rank)
{
    private const int ComparisonRank = 0;
    private const int SumRank = 1;
    private const int ProductRank = 2;
    private const int NegationRank = 3;
    private const int AtomRank = 4;

    /// <summary>Whether it is a comparison, which only the first argument of <c>if</c> may be.</summary>
    internal bool IsComparison => Rank == ComparisonRank;

    internal static ExpressionTerm Number(double value) =>
        new(_ => value, value.ToString("R", CultureInfo.InvariantCulture), AtomRank);

    internal static ExpressionTerm Field(string name, Func<Outcome, double?> read) =>
        new(o => Defined(read(o) ?? double.NaN), name, AtomRank);

    internal static ExpressionTerm Negation(ExpressionTerm of) =>
        new(o => -of.Value(o), "-" + of.Inside(NegationRank), NegationRank);

    internal static ExpressionTerm Sum(string sign, ExpressionTerm a, ExpressionTerm b, Func<double, double, double> add) =>
        Join(sign, a, b, SumRank, add);

    internal static ExpressionTerm Product(
        string sign,
        ExpressionTerm a,
        ExpressionTerm b,
        Func<double, double, double> multiply
    ) => Join(sign, a, b, ProductRank, multiply);

    internal static ExpressionTerm Comparison(
        string sign,
        ExpressionTerm a,
        ExpressionTerm b,
        Func<double, double, bool> compare
    ) =>
        Join(
            sign,
            a,
            b,
            ComparisonRank,
            (x, y) =>
                double.IsNaN(x) || double.IsNaN(y) ? double.NaN
                : compare(x, y) ? 1
                : 0
        );

    internal static ExpressionTerm Call(string name, ExpressionFunction function, ExpressionTerm[] arguments) =>
        new(
            outcome =>
            {
                double[] values = Array.ConvertAll(arguments, a => a.Value(outcome));
                return Array.TrueForAll(values, double.IsFinite) ? Defined(function.Apply(values)) : double.NaN;
            },
            TextOfCall(name, arguments),
            AtomRank
        );

    /// <summary>Only the branch that is taken is computed, so a condition can guard a division.</summary>
    internal static ExpressionTerm If(ExpressionTerm condition, ExpressionTerm then, ExpressionTerm otherwise) =>
        new(
            outcome =>
                condition.Value(outcome) switch
                {
                    1 => then.Value(outcome),
                    0 => otherwise.Value(outcome),
                    _ => double.NaN,
                },
            TextOfCall("if", [condition, then, otherwise]),
            AtomRank
        );

    private static ExpressionTerm Join(
        string sign,
        ExpressionTerm a,
        ExpressionTerm b,
        int rank,
        Func<double, double, double> apply
    ) => new(o => Defined(apply(a.Value(o), b.Value(o))), $"{a.Inside(rank)} {sign} {b.Inside(rank + 1)}", rank);

    private static string TextOfCall(string name, ExpressionTerm[] arguments) =>
        $"{name}({string.Join(", ", arguments.Select(a => a.Text))})";

    private static double Defined(double value) => double.IsFinite(value) ? value : double.NaN;

    private string Inside(int lowestRank) => Rank < lowestRank ? $"({Text})" : Text;
}
