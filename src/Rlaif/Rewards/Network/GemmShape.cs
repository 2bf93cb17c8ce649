namespace Rlaif.Rewards.Network;

/// <summary>The extents of a matrix product: a result of <paramref name="Rows"/> x <paramref name="Columns"/>, sums of <paramref name="Depth"/> terms.</summary>
internal readonly record struct GemmShape(int Rows, int Columns, int Depth);
