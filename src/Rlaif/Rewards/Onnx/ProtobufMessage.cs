using System.Buffers;
using System.Text;

namespace Rlaif.Rewards.Onnx;

/// <summary>One message in the protocol buffers wire format (protobuf.dev/programming-guides/encoding), written field by field.</summary>
internal sealed class ProtobufMessage
{
    private const int WireVarint = 0;
    private const int WireBytes = 2;
    private const int FieldShift = 3;
    private const int ContinueBit = 0x80;
    private const int BitsPerByte = 7;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ProtobufMessage Add(int field, long value)
    {
        Varint((ulong)((field << FieldShift) | WireVarint));
        Varint((ulong)value);
        return this;
    }

    public ProtobufMessage Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    public ProtobufMessage Add(int field, ProtobufMessage message) => Add(field, message.ToArray());

    public ProtobufMessage Add(int field, ReadOnlySpan<byte> bytes)
    {
        Varint((ulong)((field << FieldShift) | WireBytes));
        Varint((ulong)bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    // Seven bits a byte, the lowest first.
    private void Varint(ulong value)
    {
        for (; value >= ContinueBit; value >>= BitsPerByte)
        {
            _bytes.Write([(byte)(value | ContinueBit)]);
        }

        _bytes.Write([(byte)value]);
    }
}
