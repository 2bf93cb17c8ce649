namespace Rlaif.Rewards.Network;

/// <summary>The operations on one vector register that <see cref="MatrixKernel{TLane, TVector}"/> needs, so that it is written once for all widths.</summary>
internal interface IVectorLane<TVector>
    where TVector : struct
{
    /// <summary>Values in a register.</summary>
    static abstract int Count { get; }

    /// <summary>Reads <see cref="Count"/> values from <paramref name="offset"/> on.</summary>
    static abstract TVector Load(ref readonly float at, nint offset);

    /// <summary>Writes <see cref="Count"/> values from <paramref name="offset"/> on.</summary>
    static abstract void Store(TVector vector, ref float at, nint offset);

    /// <summary>The same value in every place.</summary>
    static abstract TVector Broadcast(float value);

    /// <summary>left * right + sum, rounded once where the machine can.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector sum);
}
