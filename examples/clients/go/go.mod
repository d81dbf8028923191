module pgmosaic.io/examples/orders

go 1.21
