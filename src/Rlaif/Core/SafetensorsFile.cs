using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Rlaif.Core;

/// <summary>
/// Named arrays and text in the safetensors format: 8 bytes with the header's length, a JSON header, the numbers (little-endian).
/// Other programs read it, and reading it runs nothing. 32- and 64-bit floats only.
/// </summary>
internal sealed class SafetensorsFile
{
    private const string MetadataKey = "__metadata__";
    private const int MaxHeaderBytes = 100_000_000;
    private const int Alignment = 8;

    private readonly Dictionary<string, (string Type, int[] Shape, byte[] Data)> _tensors = new(StringComparer.Ordinal);

    /// <summary>Text by name.</summary>
    public Dictionary<string, string> Metadata { get; private init; } = new(StringComparer.Ordinal);

    public void Add(string name, ReadOnlySpan<float> values, params int[] shape) =>
        _tensors.Add(name, ("F32", shape, MemoryMarshal.AsBytes(values).ToArray()));

    public void Add(string name, ReadOnlySpan<double> values) =>
        _tensors.Add(name, ("F64", [values.Length], MemoryMarshal.AsBytes(values).ToArray()));

    /// <summary>The values of a tensor.</summary>
    /// <exception cref="InvalidDataException">There is none of this name, type and length.</exception>
    public float[] Floats(string name, int length) => Values<float>(name, "F32", length);

    /// <inheritdoc cref="Floats"/>
    public double[] Doubles(string name, int length) => Values<double>(name, "F64", length);

    /// <summary>Writes the file, tensors in the order of their names.</summary>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new SortedDictionary<string, object>(StringComparer.Ordinal) { [MetadataKey] = Metadata };
        var ordered = _tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToList();
        long offset = 0;
        foreach ((string name, (string type, int[] shape, byte[] data)) in ordered)
        {
            header.Add(
                name,
                new
                {
                    dtype = type,
                    shape,
                    data_offsets = new[] { offset, offset + data.Length },
                }
            );
            offset += data.Length;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int padding = (Alignment - (json.Length % Alignment)) % Alignment;
        byte[] length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(json.Length + padding));
        await stream.WriteAsync(length, cancellationToken);
        await stream.WriteAsync(json, cancellationToken);
        await stream.WriteAsync(new string(' ', padding).Select(c => (byte)c).ToArray(), cancellationToken);
        foreach (var tensor in ordered)
        {
            await stream.WriteAsync(tensor.Value.Data, cancellationToken);
        }
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InvalidDataException">It is not such a file, or not all of it is there.</exception>
    public static SafetensorsFile Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(ulong))
        {
            throw new InvalidDataException($"{bytes.Length} bytes are too few for a header");
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        ReadOnlySpan<byte> rest = bytes[sizeof(ulong)..];
        if (headerLength > Math.Min((ulong)rest.Length, MaxHeaderBytes))
        {
            throw new InvalidDataException($"the header should have {headerLength} bytes, but only {rest.Length} follow");
        }

        try
        {
            using JsonDocument header = JsonDocument.Parse(rest[..(int)headerLength].ToArray());
            return Read(header.RootElement, rest[(int)headerLength..]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException("the header is not one of safetensors", e);
        }
    }

    private static SafetensorsFile Read(JsonElement header, ReadOnlySpan<byte> data)
    {
        var file = new SafetensorsFile();
        long expected = 0;
        foreach (JsonProperty entry in header.EnumerateObject())
        {
            if (entry.NameEquals(MetadataKey))
            {
                foreach (JsonProperty text in entry.Value.EnumerateObject())
                {
                    file.Metadata[text.Name] = text.Value.GetString() ?? "";
                }

                continue;
            }

            JsonElement offsets = entry.Value.GetProperty("data_offsets");
            long start = offsets[0].GetInt64();
            long end = offsets[1].GetInt64();
            expected = Math.Max(expected, end);
            if (start < 0 || end < start || end > data.Length)
            {
                throw new InvalidDataException(
                    $"tensor {entry.Name} ends at byte {end}, but there are {data.Length}: the file is cut short"
                );
            }

            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
            string type = entry.Value.GetProperty("dtype").GetString() ?? "";
            file._tensors[entry.Name] = (type, shape, data[(int)start..(int)end].ToArray());
        }

        return data.Length == expected
            ? file
            : throw new InvalidDataException($"{data.Length} bytes of numbers where the header announces {expected}");
    }

    private T[] Values<T>(string name, string type, int length)
        where T : unmanaged
    {
        if (!_tensors.TryGetValue(name, out (string Type, int[] Shape, byte[] Data) tensor))
        {
            throw new InvalidDataException($"tensor {name} is missing");
        }

        T[] values = MemoryMarshal.Cast<byte, T>(tensor.Data).ToArray();
        return tensor.Type == type && values.Length == length
            ? values
            : throw new InvalidDataException(
                $"tensor {name} has {values.Length} values of {tensor.Type} instead of {length} of {type}"
            );
    }
}
