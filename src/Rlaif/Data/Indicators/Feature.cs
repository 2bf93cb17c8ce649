namespace Rlaif.Data.Indicators;

/// <summary>A feature and how to compute it from the inputs of its kind; NaN and infinity stand for "not defined here".</summary>
internal sealed record Feature<TInputs>(string Name, string Unit, string Description, Func<TInputs, double> Value);
