using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rlaif.Rewards.Network;

/// <summary>Registers of 8 values (on a machine without them the runtime uses two of 4 each).</summary>
internal readonly struct Lane256 : IVectorLane<Vector256<float>>
{
    public static int Count => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ref readonly float at, nint offset) => Vector256.LoadUnsafe(in at, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> vector, ref float at, nint offset) => vector.StoreUnsafe(ref at, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> sum) =>
        Vector256.MultiplyAddEstimate(left, right, sum);
}
