package com.example.shop;

public record Order(int number, String customer) {}
