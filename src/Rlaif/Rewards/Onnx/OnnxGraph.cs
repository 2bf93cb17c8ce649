using System.Runtime.InteropServices;

namespace Rlaif.Rewards.Onnx;

/// <summary>
/// A graph of plain operators that becomes an ONNX model (onnx.proto of ONNX 1.12, operator set 17). Values are named as they are made;
/// the numbers of the fields are those of onnx.proto.
/// </summary>
internal sealed class OnnxGraph
{
    private const int IrVersion = 8;
    private const int OperatorSet = 17;
    private const string Batch = "batch";

    private readonly ProtobufMessage _graph = new();
    private int _count;

    /// <summary>What the elements of a tensor are: the numbers of TensorProto.DataType.</summary>
    internal enum Element
    {
        Float = 1,
        Long = 7,
        Double = 11,
    }

    /// <summary>Declares an input of one row per candidate.</summary>
    public string Input(string name, Element element, int columns, string description)
    {
        _graph.Add(11, ValueInfo(name, element, columns, description));
        return name;
    }

    /// <summary>Declares that a value is an output of one number per candidate.</summary>
    public void Output(string name, string value, string description)
    {
        _graph.Add(1, Node("Squeeze", [value, Constant([1L])], name));
        _graph.Add(12, ValueInfo(name, Element.Double, null, description));
    }

    public string Constant(params long[] values) => Constant(Element.Long, MemoryMarshal.AsBytes(values.AsSpan()), values.Length);

    public string Constant(params double[] values) =>
        Constant(Element.Double, MemoryMarshal.AsBytes(values.AsSpan()), values.Length);

    public string Constant(params float[] values) =>
        Constant(Element.Float, MemoryMarshal.AsBytes(values.AsSpan()), values.Length);

    public string Constant(ReadOnlySpan<float> values, int rows, int columns) =>
        Constant(Element.Float, MemoryMarshal.AsBytes(values), rows, columns);

    /// <summary>A single number without a shape, as limits have to be.</summary>
    public string Scalar(double value) => Constant(Element.Double, BitConverter.GetBytes(value));

    /// <inheritdoc cref="Scalar(double)"/>
    public string Scalar(float value) => Constant(Element.Float, BitConverter.GetBytes(value));

    /// <summary>Adds an operator without attributes and returns the name of its result.</summary>
    public string Apply(string operation, params string[] inputs)
    {
        string name = NewName();
        _graph.Add(1, Node(operation, inputs, name));
        return name;
    }

    public string Cast(string value, Element element)
    {
        string name = NewName();
        _graph.Add(1, Node("Cast", [value], name).Add(5, Attribute("to", (long)element)));
        return name;
    }

    /// <summary>Values side by side.</summary>
    public string Concat(params string[] values)
    {
        string name = NewName();
        _graph.Add(1, Node("Concat", values, name).Add(5, Attribute("axis", 1)));
        return name;
    }

    /// <summary>Some columns of a value, in the order of their numbers.</summary>
    public string Columns(string value, params IEnumerable<int> columns)
    {
        string name = NewName();
        string[] inputs = [value, Constant([.. columns.Select(c => (long)c)])];
        _graph.Add(1, Node("Gather", inputs, name).Add(5, Attribute("axis", 1)));
        return name;
    }

    /// <summary>A reduction over the columns of each row: ReduceMean, ReduceMin.</summary>
    public string Reduce(string operation, string value)
    {
        // AttributeProto: ints = 8, type INTS = 7.
        ProtobufMessage axes = new ProtobufMessage().Add(1, "axes").Add(8, 1).Add(20, 7);
        string name = NewName();
        _graph.Add(1, Node(operation, [value], name).Add(5, axes));
        return name;
    }

    /// <summary>The whole file.</summary>
    /// <param name="description">What the model is, for people.</param>
    /// <param name="version">Version of the library that wrote it.</param>
    /// <param name="metadata">Text by name.</param>
    public byte[] ToModel(string description, string version, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        _graph.Add(2, "reward_model");
        ProtobufMessage model = new ProtobufMessage()
            .Add(1, IrVersion)
            .Add(2, "rlaif")
            .Add(3, version)
            .Add(6, description)
            .Add(7, _graph)
            .Add(8, new ProtobufMessage().Add(1, "").Add(2, OperatorSet));
        foreach ((string key, string value) in metadata)
        {
            model.Add(14, new ProtobufMessage().Add(1, key).Add(2, value));
        }

        return model.ToArray();
    }

    private string Constant(Element element, ReadOnlySpan<byte> littleEndian, params ReadOnlySpan<int> shape)
    {
        // TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9.
        var tensor = new ProtobufMessage();
        foreach (int dimension in shape)
        {
            tensor.Add(1, dimension);
        }

        string name = NewName();
        _graph.Add(5, tensor.Add(2, (long)element).Add(8, name).Add(9, littleEndian));
        return name;
    }

    private static ProtobufMessage Node(string operation, ReadOnlySpan<string> inputs, string output)
    {
        // NodeProto: input = 1, output = 2, name = 3, op_type = 4, attribute = 5.
        var node = new ProtobufMessage();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }

        return node.Add(2, output).Add(3, $"make_{output}").Add(4, operation);
    }

    // AttributeProto: name = 1, i = 3, type INT = 2.
    private static ProtobufMessage Attribute(string name, long value) =>
        new ProtobufMessage().Add(1, name).Add(3, value).Add(20, 2);

    private static ProtobufMessage ValueInfo(string name, Element element, int? columns, string description)
    {
        ProtobufMessage shape = new ProtobufMessage().Add(1, new ProtobufMessage().Add(2, Batch));
        if (columns is { } count)
        {
            shape.Add(1, new ProtobufMessage().Add(1, count));
        }

        ProtobufMessage tensor = new ProtobufMessage().Add(1, (long)element).Add(2, shape);
        return new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, tensor)).Add(3, description);
    }

    private string NewName() => $"v{_count++}";
}
