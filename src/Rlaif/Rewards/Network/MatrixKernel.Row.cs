using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Rlaif.Rewards.Network;

/// <content>One row on the left: a candidate that is scored alone.</content>
internal static partial class MatrixKernel<TLane, TVector>
{
    /// <summary>Eight running sums: enough to hide the latency of the multiply-add.</summary>
    private const int PanelsAtOnce = 4;

    /// <summary>Inputs looked at together for zeros.</summary>
    private const int Stretch = 256;

    /// <summary>For each set of lanes that hold 0 the numbers of the others, in front.</summary>
    private static readonly Vector256<int>[] NonZeroLanes =
    [
        .. Enumerable
            .Range(0, 1 << Vector256<int>.Count)
            .Select(zeros => Enumerable.Range(0, Vector256<int>.Count).Where(lane => (zeros >> lane & 1) == 0))
            .Select(lanes => Vector256.Create([.. lanes, .. new int[Vector256<int>.Count]])),
    ];

    /// <summary>
    /// Four panels at a time, as far as there are four. All weights are read for this one row, so what counts is to read little: an input that is 0, as half of
    /// those behind a rectifier are, changes no sum and its weights are skipped. (They are finite: reading a file and training see to that.)
    /// </summary>
    /// <returns>Panels done.</returns>
    private static int MultiplyRow(MatrixView c, MatrixView start, MatrixView a, PanelView b, GemmShape shape)
    {
        int done = shape.Columns / (PanelsAtOnce * Width) * PanelsAtOnce;
        Span<int> used = stackalloc int[Stretch];
        for (int first = 0; first < shape.Depth; first += Stretch)
        {
            int count = FindUsed(a, first, Math.Min(first + Stretch, shape.Depth), used);
            for (int panel = 0; panel < done; panel += PanelsAtOnce)
            {
                MatrixView sums = At(c, 0, panel);
                PanelView right = b with { Offset = b.Offset + (panel * b.PanelStride) };
                RowTile(sums, first == 0 ? At(start, 0, panel) : sums, a, right, used[..count]);
            }
        }

        return done;
    }

    /// <summary>Writes the positions of the inputs that are not 0, and how many they are.</summary>
    [MethodImpl(HotLoop.Options)]
    private static int FindUsed(in MatrixView a, int first, int end, Span<int> used)
    {
        ref float a0 = ref First(a);
        ref int to = ref MemoryMarshal.GetReference(used);
        nint step = a.ColumnStride;
        nint count = 0;
        int k = first;
        // Without a branch on what is found: behind a rectifier it is anything.
        for (; step == 1 && k + Vector256<float>.Count <= end; k += Vector256<float>.Count)
        {
            var values = Vector256.LoadUnsafe(ref a0, (nuint)k);
            uint zeros = Vector256.Equals(values, Vector256<float>.Zero).ExtractMostSignificantBits();
            (NonZeroLanes[zeros] + Vector256.Create(k)).StoreUnsafe(ref to, (nuint)count);
            count += Vector256<float>.Count - BitOperations.PopCount(zeros);
        }

        for (; k < end; k++)
        {
            Unsafe.Add(ref to, count) = k;
            bool isUsed = Unsafe.Add(ref a0, k * step) != 0;
            count += Unsafe.BitCast<bool, byte>(isUsed);
        }

        return (int)count;
    }

    [MethodImpl(HotLoop.Options)]
    private static void RowTile(in MatrixView c, in MatrixView start, in MatrixView a, in PanelView b, ReadOnlySpan<int> used)
    {
        nint width = Width;
        ref float s = ref First(start);
        (TVector s00, TVector s01) = Load(in s, 0);
        (TVector s10, TVector s11) = Load(in s, width);
        (TVector s20, TVector s21) = Load(in s, 2 * width);
        (TVector s30, TVector s31) = Load(in s, 3 * width);
        ref float a0 = ref First(a);
        ref float panel0 = ref First(b);
        ref float panel1 = ref Unsafe.Add(ref panel0, (nint)b.PanelStride);
        ref float panel2 = ref Unsafe.Add(ref panel0, 2 * (nint)b.PanelStride);
        ref float panel3 = ref Unsafe.Add(ref panel0, 3 * (nint)b.PanelStride);
        nint aStep = a.ColumnStride;
        nint bStep = b.RowStride;
        foreach (int k in used)
        {
            TVector x = TLane.Broadcast(Unsafe.Add(ref a0, k * aStep));
            nint at = k * bStep;
            (s00, s01) = MultiplyAdd(x, in panel0, at, s00, s01);
            (s10, s11) = MultiplyAdd(x, in panel1, at, s10, s11);
            (s20, s21) = MultiplyAdd(x, in panel2, at, s20, s21);
            (s30, s31) = MultiplyAdd(x, in panel3, at, s30, s31);
        }

        ref float c0 = ref First(c);
        Store(s00, s01, ref c0, 0);
        Store(s10, s11, ref c0, width);
        Store(s20, s21, ref c0, 2 * width);
        Store(s30, s31, ref c0, 3 * width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector First, TVector Second) MultiplyAdd(
        TVector left,
        ref readonly float right,
        nint offset,
        TVector first,
        TVector second
    ) =>
        (
            TLane.MultiplyAdd(left, TLane.Load(in right, offset), first),
            TLane.MultiplyAdd(left, TLane.Load(in right, offset + TLane.Count), second)
        );
}
